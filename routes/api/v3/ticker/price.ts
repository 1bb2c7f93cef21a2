import { priceRoute } from "../../../../lib/web/binance_market.ts";
import { binanceHandler } from "../../../../lib/web/binance_route.ts";
import { define } from "../../../../lib/web/define.ts";

/** GET /api/v3/ticker/price?symbol=BTCUSDT → the newest price. */
export const handler = define.handlers(binanceHandler(priceRoute));
