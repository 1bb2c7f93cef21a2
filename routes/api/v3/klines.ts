import { klinesRoute } from "../../../lib/web/binance_klines.ts";
import { binanceHandler } from "../../../lib/web/binance_route.ts";
import { define } from "../../../lib/web/define.ts";

/** GET /api/v3/klines?symbol=BTCUSDT&interval=1h → candles, the last of which may move. */
export const handler = define.handlers(binanceHandler(klinesRoute));
