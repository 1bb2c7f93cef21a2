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
    const query = parseQuery(ctx.url.searchParams, candlesQuerySchema);
    requireRange(query);
    const { services } = ctx.state;
    const { bytes, etag } = await services.answers.get(`candles${ctx.url.search}`, async () => {
      const { version } = await requireHeld(services, query);
      const json = JSON.stringify(await services.reader.columns(query));
      const etag = await etagOf("candles", version, ctx.url.search);
      return { etag, bytes: new TextEncoder().encode(json) };
    });
    const headers = { etag, "cache-control": CDN_BRIEFLY, "content-type": "application/json" };
    if (isNotModified(ctx.req, etag)) return new Response(null, { status: 304, headers });
    return new Response(bytes, { headers });
  },
}));
