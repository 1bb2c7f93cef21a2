import { define } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";

/** GET /metrics → this process and the store, for Prometheus. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { body, contentType } = await ctx.state.services.metrics();
    return new Response(body, {
      headers: { "content-type": contentType, "cache-control": "no-store" },
    });
  },
}));
