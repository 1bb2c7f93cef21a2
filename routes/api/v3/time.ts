import { timeRoute } from "../../../lib/web/binance_market.ts";
import { binanceHandler } from "../../../lib/web/binance_route.ts";
import { define } from "../../../lib/web/define.ts";

/** GET /api/v3/time → the exchange's clock. */
export const handler = define.handlers(binanceHandler(timeRoute));
