import type { SeriesMark } from "../../lib/core/cursor.ts";
import { candlesQuerySchema } from "../../lib/web/api_queries.ts";
import { CDN_BRIEFLY } from "../../lib/web/cache_control.ts";
import { define } from "../../lib/web/define.ts";
import { etagOf, isNotModified } from "../../lib/web/etag.ts";
import { requireHeld } from "../../lib/web/held.ts";
import { byMethod } from "../../lib/web/methods.ts";
import { parseQuery, requireRange } from "../../lib/web/query.ts";

/** GET /api/candles?symbol=BTCUSDT&interval=1h → closed candles as equal-length columns. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { services } = ctx.state;
    const { search } = ctx.url;
    const { body, etag } = await services.answers.get(`candles${search}`, async (old) => {
      const query = parseQuery(ctx.url.searchParams, candlesQuerySchema);
      requireRange(query);
      const held = await requireHeld(services, query);
      if (old?.etag === await candlesEtag(held, search)) return old;
      const { mark, columns } = await services.reader.markedColumns(query);
      return { etag: await candlesEtag(mark, search), body: JSON.stringify(columns) };
    });
    const headers = { etag, "cache-control": CDN_BRIEFLY, "content-type": "application/json" };
    if (isNotModified(ctx.req, etag)) return new Response(null, { status: 304, headers });
    return new Response(body, { headers });
  },
}));

function candlesEtag({ lineage, version }: SeriesMark, search: string): Promise<string> {
  return etagOf("candles", lineage, version, search);
}
