import { klinesRoute } from "../../../lib/web/binance_klines.ts";
import { binanceHandler } from "../../../lib/web/binance_route.ts";
import { define } from "../../../lib/web/define.ts";

/** GET /api/v3/uiKlines: the same candles as klines. */
export const handler = define.handlers(binanceHandler(klinesRoute));
