import type { Context } from "fresh";
import { AppError } from "../../lib/core/errors.ts";
import { type Series, seriesName } from "../../lib/core/kline.ts";
import { liveQuerySchema } from "../../lib/http/queries/api_queries.ts";
import { define, type State } from "../../lib/http/define.ts";
import { requireHeld } from "../../lib/http/held.ts";
import { lastEventId, requireReplayable } from "../../lib/http/last_event_id.ts";
import { clientOf, untilDone } from "../../lib/http/turns.ts";
import { byMethod } from "../../lib/http/methods.ts";
import { parseQuery } from "../../lib/http/queries/query.ts";

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no", // nginx would buffer the stream
};

/** GET /api/live?symbol=BTCUSDT&interval=1h → open candle and closes, as server-sent events. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const series = parseQuery(ctx.url.searchParams, liveQuerySchema);
    const { limits, live } = ctx.state.services;
    const turn = await limits.streams.enter(clientOf(ctx));
    try {
      const stream = live.stream(series, await readPlace(ctx, series));
      return new Response(untilDone(stream, turn), { headers: HEADERS });
    } catch (error) {
      turn.end();
      throw error;
    }
  },
  async HEAD(ctx) {
    await readPlace(ctx, parseQuery(ctx.url.searchParams, liveQuerySchema));
    return new Response(null, { headers: HEADERS });
  },
}));

/** Start of the stream. */
async function readPlace({ req, state }: Context<State>, series: Series) {
  const after = lastEventId(req);
  const { lastOpenTime } = await requireHeld(state.services, series);
  if (lastOpenTime === undefined) {
    throw new AppError(
      "exchange_unavailable",
      `Cannot follow ${seriesName(series)} yet: its collection is starting`,
      { retryAfterMs: 5_000 },
    );
  }
  requireReplayable(series, after, lastOpenTime);
  return { closedTo: lastOpenTime, after };
}
