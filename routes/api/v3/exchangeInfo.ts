import { exchangeInfoRoute } from "../../../lib/web/binance_market.ts";
import { binanceHandler } from "../../../lib/web/binance_route.ts";
import { define } from "../../../lib/web/define.ts";

/** GET /api/v3/exchangeInfo → the markets that wick keeps. */
export const handler = define.handlers(binanceHandler(exchangeInfoRoute));
