import type { Context } from "fresh";
import { AppError } from "../../lib/core/errors.ts";
import { seriesName } from "../../lib/core/kline.ts";
import { liveQuerySchema } from "../../lib/http/api_queries.ts";
import { define, type State } from "../../lib/http/define.ts";
import { requireHeld } from "../../lib/http/held.ts";
import { lastEventId } from "../../lib/http/last_event_id.ts";
import { byMethod } from "../../lib/http/methods.ts";
import { parseQuery } from "../../lib/http/query.ts";

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no", // nginx would hold the stream back
};

/** GET /api/live?symbol=BTCUSDT&interval=1h → moving candle and closes, as server-sent events. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { series, ...request } = await readRequest(ctx);
    const body = ctx.state.services.live.stream(series, request);
    return new Response(body, { headers: HEADERS });
  },
  async HEAD(ctx) {
    await readRequest(ctx);
    return new Response(null, { headers: HEADERS });
  },
}));

async function readRequest({ url, req, state }: Context<State>) {
  const series = parseQuery(url.searchParams, liveQuerySchema);
  const after = lastEventId(req);
  const { lastOpenTime } = await requireHeld(state.services, series);
  if (lastOpenTime === undefined) {
    throw new AppError(
      "exchange_unavailable",
      `Cannot follow ${seriesName(series)} yet: its collection begins now`,
      { retryAfterMs: 5_000 },
    );
  }
  return { series, closedTo: lastOpenTime, after };
}
