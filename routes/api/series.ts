import { noQuerySchema } from "../../lib/web/api_queries.ts";
import { define } from "../../lib/web/define.ts";
import { answerJson } from "../../lib/web/json_answer.ts";
import { byMethod } from "../../lib/web/methods.ts";
import { parseQuery } from "../../lib/web/query.ts";
import { toSeriesJson } from "../../lib/web/series_json.ts";

/** GET /api/series → what is held of every series, and how current it is. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    parseQuery(ctx.url.searchParams, noQuerySchema);
    const { reader, exchange } = ctx.state.services;
    const serverTime = exchange.serverTime();
    const coverage = await reader.coverage();
    const series = coverage.map((one) => toSeriesJson(one, serverTime));
    return await answerJson(ctx.req, { series });
  },
}));
