import { klinesRoute } from "../../../lib/binance_api/klines_route.ts";
import { binanceHandler } from "../../../lib/binance_api/binance_route.ts";
import { define } from "../../../lib/http/define.ts";

/** GET /api/v3/klines?symbol=BTCUSDT&interval=1h → candles; the last one may be open. */
export const handler = define.handlers(binanceHandler(klinesRoute));
