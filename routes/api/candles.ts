import type { SeriesMark } from "../../lib/core/cursor.ts";
import { candlesQuerySchema } from "../../lib/http/queries/api_queries.ts";
import type { CachedAnswer } from "../../lib/http/answer_cache.ts";
import { CDN_BRIEFLY } from "../../lib/http/cache_control.ts";
import { define, type Services } from "../../lib/http/define.ts";
import { etagOf, isNotModified } from "../../lib/http/etag.ts";
import { requireHeld, requireRows } from "../../lib/http/held.ts";
import { byMethod } from "../../lib/http/methods.ts";
import { invalidParameter, requireRange } from "../../lib/core/parameter_rules.ts";
import { parseQuery } from "../../lib/http/queries/query.ts";
import { inTurn } from "../../lib/http/turns.ts";
import type { CandleQuery, ImportedMark } from "../../lib/ports/kline_reader.ts";

/** GET /api/candles?symbol=BTCUSDT&interval=1h → closed candles as equal-length columns. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { services } = ctx.state;
    const { search } = ctx.url;
    const name = `candles${search}`;
    const answer = await services.answers.get<CachedAnswer>(name, async (old) => {
      const query = parseQuery(ctx.url.searchParams, candlesQuerySchema);
      requireRange(query);
      if (query.imported !== undefined) {
        if (query.rollup !== undefined) {
          throw invalidParameter("imported", "cannot be combined with rollup");
        }
        return await readSourced(services, query, { search, old });
      }
      const derived = query.rollup === undefined
        ? undefined
        : await inTurn(ctx, "requests", () => readDerived(services, query, search));
      if (derived !== undefined) return derived;
      const held = await requireHeld(services, query);
      if (old?.etag === await candlesEtag(held, search)) return old;
      const { mark, columns } = await services.reader.markedColumns(query);
      return { etag: await candlesEtag(mark, search), body: JSON.stringify(columns) };
    });
    ctx.state.reuse = { name, answer };
    const { body, etag } = answer;
    const headers = { etag, "cache-control": CDN_BRIEFLY, "content-type": "application/json" };
    if (isNotModified(ctx.req, etag)) return new Response(null, { status: 304, headers });
    return new Response(body, { headers });
  },
}));

/** Candles of the exchange, and imported ones where none of it is stored. */
async function readSourced(
  services: Services,
  query: CandleQuery,
  { search, old }: { readonly search: string; readonly old: CachedAnswer | undefined },
): Promise<CachedAnswer> {
  const etagOfMark = (mark: ImportedMark) =>
    candlesEtag(mark, search, `imported ${mark.importedVersion}`);
  const held = await services.reader.findSeries(query);
  if (held === undefined || held.importedRows === 0) await requireRows(services, query, held);
  else if (old?.etag === await etagOfMark(held)) return old;
  const { mark, columns, source } = await services.reader.sourcedColumns(query);
  return { etag: await etagOfMark(mark), body: JSON.stringify({ ...columns, source }) };
}

/** Candles made of shorter ones; `undefined` when the exchange's own are stored. */
async function readDerived(
  { reader }: Pick<Services, "reader">,
  query: CandleQuery,
  search: string,
): Promise<CachedAnswer | undefined> {
  const derived = await reader.derivedColumns(query);
  if (derived === undefined) return undefined;
  const { mark, ranges, columns, derivedFrom, omitted } = derived;
  return {
    etag: await candlesEtag(mark, search, JSON.stringify([derivedFrom, ranges])),
    body: JSON.stringify({ ...columns, derived_from: derivedFrom, omitted }),
  };
}

function candlesEtag(
  { lineage, version }: SeriesMark,
  ...query: readonly string[]
): Promise<string> {
  return etagOf("candles", lineage, version, ...query);
}
