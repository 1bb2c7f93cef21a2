import { averagePriceRoute } from "../../../lib/binance_api/ticker_routes.ts";
import { binanceHandler } from "../../../lib/binance_api/binance_route.ts";
import { define } from "../../../lib/http/define.ts";

/** GET /api/v3/avgPrice?symbol=BTCUSDT → the average price of the last five minutes. */
export const handler = define.handlers(binanceHandler(averagePriceRoute));
