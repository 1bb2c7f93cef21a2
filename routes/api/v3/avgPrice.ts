import { averagePriceRoute } from "../../../lib/web/binance_ticker.ts";
import { binanceHandler } from "../../../lib/web/binance_route.ts";
import { define } from "../../../lib/web/define.ts";

/** GET /api/v3/avgPrice?symbol=BTCUSDT → the average price of the last five minutes. */
export const handler = define.handlers(binanceHandler(averagePriceRoute));
