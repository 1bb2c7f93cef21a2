import { bySeries, seriesName } from "../../lib/core/kline.ts";
import { noQuerySchema } from "../../lib/http/api_queries.ts";
import { define } from "../../lib/http/define.ts";
import { answerJson } from "../../lib/http/json_answer.ts";
import { byMethod } from "../../lib/http/methods.ts";
import { parseQuery } from "../../lib/http/query.ts";
import { toSeriesJson } from "../../lib/http/series_json.ts";

/** GET /api/series → coverage and freshness of every series. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    parseQuery(ctx.url.searchParams, noQuerySchema);
    const { reader, exchange, status, live, rollups } = ctx.state.services;
    const serverTime = exchange.serverTime();
    const [coverage, disputes, proofs] = await Promise.all([
      reader.coverage(),
      status.disputes(),
      rollups.proofs(),
    ]);
    const disputesOf = bySeries(disputes);
    const proofOf = bySeries(proofs);
    const watchedOf = bySeries(live.watched());
    const series = coverage.map((one) => {
      const name = seriesName(one);
      const viewers = watchedOf.get(name)?.viewers ?? 0;
      const evidence = { disputes: disputesOf.get(name), rollup: proofOf.get(name) };
      return { ...toSeriesJson(one, serverTime, evidence), viewers };
    });
    return await answerJson(ctx.req, { series });
  },
}));
