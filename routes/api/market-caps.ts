import { AppError } from "../../lib/core/errors.ts";
import { toCapRows } from "../../lib/marketcap/cap_rows.ts";
import { noQuerySchema } from "../../lib/web/api_queries.ts";
import { define } from "../../lib/web/define.ts";
import { answerJson } from "../../lib/web/json_answer.ts";
import { byMethod } from "../../lib/web/methods.ts";
import { parseQuery } from "../../lib/web/query.ts";

/** GET /api/market-caps → the newest market cap of each configured coin, largest first. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    parseQuery(ctx.url.searchParams, noQuerySchema);
    const { marketCaps, settings, now } = ctx.state.services;
    const caps = await marketCaps.newest(settings.coins);
    if (caps.length === 0 && settings.coins.length > 0) {
      throw new AppError(
        "exchange_unavailable",
        "Cannot give market caps yet: no provider has answered so far",
        { retryAfterMs: 30_000 },
      );
    }
    return await answerJson(ctx.req, { coins: toCapRows(caps, now()) });
  },
}));
