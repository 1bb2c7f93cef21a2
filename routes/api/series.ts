import { ageOf, freshnessOf } from "../../lib/core/freshness.ts";
import { noQuerySchema } from "../../lib/web/api_queries.ts";
import { define } from "../../lib/web/define.ts";
import { answerJson } from "../../lib/web/json_answer.ts";
import { byMethod } from "../../lib/web/methods.ts";
import { parseQuery } from "../../lib/web/query.ts";

/** GET /api/series → what is held of every series, and how current it is. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    parseQuery(ctx.url.searchParams, noQuerySchema);
    const { reader, exchange } = ctx.state.services;
    const serverTime = exchange.serverTime();
    const coverage = await reader.coverage();
    const series = coverage.map(({ symbol, interval, rows, ...one }) => ({
      symbol,
      interval,
      rows,
      first_open_time: one.firstOpenTime ?? null,
      last_open_time: one.lastOpenTime ?? null,
      holes: one.holes,
      freshness: freshnessOf(one.lastOpenTime, interval, serverTime),
      age_ms: one.lastOpenTime === undefined ? null : ageOf(one.lastOpenTime, interval, serverTime),
    }));
    return await answerJson(ctx.req, { series });
  },
}));
