import { define } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";

/**
 * GET /metrics → metrics of this process and the database, for Prometheus. Concurrent scrapes share
 * one response.
 */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { answers, metrics } = ctx.state.services;
    const { body, contentType } = await answers.get("metrics", metrics, { freshMs: 1_000 });
    return new Response(body, {
      headers: { "content-type": contentType, "cache-control": "no-store" },
    });
  },
}));
