import type { SeriesMark } from "../../lib/core/cursor.ts";
import { candlesQuerySchema } from "../../lib/http/api_queries.ts";
import { CDN_BRIEFLY } from "../../lib/http/cache_control.ts";
import { define } from "../../lib/http/define.ts";
import { etagOf, isNotModified } from "../../lib/http/etag.ts";
import { requireHeld } from "../../lib/http/held.ts";
import { byMethod } from "../../lib/http/methods.ts";
import { requireRange } from "../../lib/core/parameter_rules.ts";
import { parseQuery } from "../../lib/http/query.ts";

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
