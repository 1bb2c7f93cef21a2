import { priceRoute } from "../../../../lib/binance_api/market_routes.ts";
import { binanceHandler } from "../../../../lib/binance_api/binance_route.ts";
import { define } from "../../../../lib/http/define.ts";

/** GET /api/v3/ticker/price?symbol=BTCUSDT → the latest price. */
export const handler = define.handlers(binanceHandler(priceRoute));
