import { binanceHandler } from "../../../../lib/binance_api/binance_route.ts";
import { dayTickerRoute } from "../../../../lib/binance_api/ticker_routes.ts";
import { define } from "../../../../lib/http/define.ts";

/** GET /api/v3/ticker/24hr?symbol=BTCUSDT → statistics of the last 24 hours. */
export const handler = define.handlers(binanceHandler(dayTickerRoute));
