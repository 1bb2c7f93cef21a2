import { bySeries, seriesName } from "../../lib/core/kline.ts";
import { queryText } from "../../lib/core/text/query_text.ts";
import type { GapCount } from "../../lib/ports/status_reader.ts";
import { mapInTurns } from "../../lib/event_loop.ts";
import { define } from "../../lib/http/define.ts";
import { requireKnown } from "../../lib/http/known_symbols.ts";
import { answerLongList } from "../../lib/http/json_answer.ts";
import { byMethod } from "../../lib/http/methods.ts";
import { parseQuery } from "../../lib/http/queries/query.ts";
import { toSeriesJson } from "../../lib/http/series_json.ts";
import { selectSeries, seriesQuerySchema } from "../../lib/http/queries/series_query.ts";
import { sharedRead } from "../../lib/http/shared_read.ts";
import { indexRenames, toRenamesJson } from "../../lib/http/universe_json.ts";
import { readUniverse } from "../../lib/http/universe_read.ts";

/**
 * GET /api/series[?symbol&interval&quote&freshness&limit&after] → coverage and freshness of every
 * series, or of those that match, in pages if `limit` is given.
 */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { services } = ctx.state;
    const query = parseQuery(ctx.url.searchParams, seriesQuerySchema);
    await requireKnown(services, query.symbol);
    const serverTime = services.exchange.serverTime();
    const all = await sharedRead(services, "extents", () => services.reader.extents());
    const { items, next } = selectSeries(all, query, serverTime);
    const [gapCounts, disputes, proofs, { renames }] = await Promise.all([
      services.status.gapCounts(items.length === all.length ? undefined : items),
      services.status.disputes(),
      services.rollups.proofs(),
      readUniverse(services),
    ]);
    const renameIndex = indexRenames(renames);
    const gapsOf = Map.groupBy(gapCounts, seriesName);
    const disputesOf = bySeries(disputes);
    const proofOf = bySeries(proofs);
    const watchedOf = bySeries(services.live.watched());
    const series = await mapInTurns(items, (one) => {
      const name = seriesName(one);
      const held = { ...one, gapCounts: rangesOf(gapsOf.get(name) ?? []) };
      const evidence = { disputes: disputesOf.get(name), rollup: proofOf.get(name) };
      const viewers = watchedOf.get(name)?.viewers ?? 0;
      return {
        ...toSeriesJson(held, serverTime, evidence),
        viewers,
        ...toRenamesJson(one.symbol, renameIndex),
      };
    });
    const rest = query.limit === undefined ? {} : { next: next ?? null };
    const response = await answerLongList(ctx.req, { name: "series", items: series, rest });
    if (next !== undefined) response.headers.set("link", nextLink(ctx.url.searchParams, next));
    return response;
  },
}));

/** Number of gaps by class. */
function rangesOf(counts: readonly GapCount[]) {
  return Object.fromEntries(counts.map((count) => [count.class, count.ranges]));
}

/** The next page, relative to this one; RFC 8288. */
function nextLink(params: URLSearchParams, after: string): string {
  const rest = [...params].filter(([name]) => name !== "after");
  return `<series${queryText([...rest, ["after", after]])}>; rel="next"`;
}
