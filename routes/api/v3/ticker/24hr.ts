import { binanceHandler } from "../../../../lib/web/binance_route.ts";
import { dayTickerRoute } from "../../../../lib/web/binance_ticker.ts";
import { define } from "../../../../lib/web/define.ts";

/** GET /api/v3/ticker/24hr?symbol=BTCUSDT → what was traded in the last 24 hours. */
export const handler = define.handlers(binanceHandler(dayTickerRoute));
