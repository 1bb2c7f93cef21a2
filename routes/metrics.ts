import { AppError } from "../lib/core/errors.ts";
import { inTurns } from "../lib/event_loop.ts";
import { define } from "../lib/http/define.ts";
import { chooseCoding, encode } from "../lib/http/encoding.ts";
import { requireKnown } from "../lib/http/known_symbols.ts";
import { byMethod } from "../lib/http/methods.ts";
import { parseMetricsQuery } from "../lib/http/queries/metrics_query.ts";

/**
 * GET /metrics[?symbol&interval&per_series&name[]] → metrics of this process and the database, for
 * Prometheus, compressed if the client accepts that. Concurrent scrapes share one reading.
 */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { answers, metrics } = ctx.state.services;
    const { searchParams, search } = ctx.url;
    const query = parseMetricsQuery(searchParams);
    await requireKnown(ctx.state.services, query.symbols).catch((error) => {
      const isUncertain = error instanceof AppError && error.code === "store_unavailable";
      if (!isUncertain) throw error; // without the database there are still other metrics
    });
    const { contentType, parts } = await answers.get(
      `metrics ${search}`,
      () => metrics(query),
      { freshMs: 1_000 },
    );
    const coding = chooseCoding(ctx.req, ["gzip"]);
    const headers = new Headers({
      "content-type": contentType,
      "cache-control": "no-store",
      "vary": "accept-encoding",
    });
    if (coding !== "identity") headers.set("content-encoding", coding);
    const text = ReadableStream.from(inTurns(parts())).pipeThrough(new TextEncoderStream());
    return new Response(encode(text, coding), { headers });
  },
}));
