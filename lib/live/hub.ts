import pLimit from "p-limit";
import { type Series, seriesName } from "../core/kline.ts";
import type { KlineRowText } from "../core/kline_row_text.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { KlineReader } from "../ports/kline_reader.ts";
import { Channel } from "./channel.ts";
import type { UpstreamDeps } from "./leader.ts";
import { followUpstream } from "./upstream.ts";
import { Viewer } from "./viewer.ts";

export interface LiveHubDeps extends UpstreamDeps {
  readonly reader: KlineReader;
  /** How long a series is followed after the last look at it. */
  readonly linger?: { readonly streamMs: number; readonly requestMs: number };
}

export interface LiveRequest {
  /** Open time of the newest candle known to be stored. */
  readonly closedTo: EpochMs;
  /** Closes strictly after this open time are sent; without it those from now on. */
  readonly after?: EpochMs | undefined;
}

/** The present of every series that somebody looks at; nobody looking means no requests. */
export interface LiveHub {
  /** A stream of server-sent events, ended by its reader or by `close`. */
  stream(series: Series, request: LiveRequest): ReadableStream<Uint8Array>;
  /**
   * The candles after the stored ones, ascending, the last of which moves; empty when the exchange
   * has not shown them within a moment. Asking counts as looking, for a short while.
   */
  moving(series: Series, request: LiveRequest): Promise<readonly KlineRowText[]>;
  /** Number of streams open in this process. */
  viewers(): number;
  /** The same by series, of those that have any, the most watched first. */
  watched(): (Series & { readonly viewers: number })[];
  /** Ends all streams, and everything else once what is being stored is stored. */
  close(): Promise<void>;
}

/** Less than the 5 s within which some hosts take a silent stream for a dead one. */
const HEARTBEAT_MS = 4 * SECOND_MS;
/** Whoever reconnects, or asks again, finds everything as it was. */
const LINGER = { streamMs: 5 * SECOND_MS, requestMs: 30 * SECOND_MS };
/** How long requests wait for the first sight of a moving candle, from when its channel was opened. */
const FIRST_SIGHT_MS = 1_500;

/** Series that are brought up to date at once: hundreds close in the same moment, and pages wait. */
const CATCH_UPS = 1;

interface OpenChannel {
  readonly channel: Channel;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  readonly openedAt: EpochMs;
  users: number;
  /** Kept until then although nobody uses it. */
  keptUntil: EpochMs;
}

export function createLiveHub(options: LiveHubDeps): LiveHub {
  const { clock, reader, board, linger = LINGER } = options;
  const inTurn = pLimit(CATCH_UPS);
  const deps: UpstreamDeps = {
    ...options,
    catchUp: (series, signal) =>
      inTurn(() => {
        signal.throwIfAborted();
        return options.catchUp(series, signal);
      }),
  };
  const channels = new Map<string, OpenChannel>();
  const viewers = new Set<Viewer>();
  const ending = new Set<Promise<void>>();
  let isClosed = false;
  let heartbeat: ReturnType<typeof setInterval> | undefined;

  function open(series: Series, closedTo: EpochMs): OpenChannel {
    const name = seriesName(series);
    const known = channels.get(name);
    if (known) {
      known.channel.noteClosed(closedTo);
      return known;
    }
    const channel = new Channel(series, { reader, now: clock.now, closedTo });
    const abort = new AbortController();
    board.watch(series, abort.signal, (state) => channel.update(state));
    const done = followUpstream(deps, series, () => channel.closedTo, abort.signal);
    const opened: OpenChannel = {
      ...{ channel, abort, done },
      openedAt: clock.now(),
      users: 0,
      keptUntil: 0,
    };
    channels.set(name, opened);
    heartbeat ??= setInterval(beat, HEARTBEAT_MS);
    return opened;
  }

  function beat(): void {
    for (const viewer of viewers) viewer.beat();
    endUnused();
  }

  function endUnused(): void {
    for (const [name, one] of channels) {
      if (one.users === 0 && one.keptUntil <= clock.now()) end(name, one);
    }
    if (channels.size > 0) return;
    clearInterval(heartbeat);
    heartbeat = undefined;
  }

  function end(name: string, { abort, done }: OpenChannel): void {
    channels.delete(name);
    abort.abort(new Error("nobody is watching"));
    ending.add(done);
    void done.finally(() => ending.delete(done));
  }

  function leave(one: OpenChannel, keepMs: number): void {
    one.users--;
    one.keptUntil = Math.max(one.keptUntil, clock.now() + keepMs);
    if (keepMs === 0) endUnused();
  }

  return {
    stream(series, { closedTo, after = closedTo }) {
      const opened = open(series, closedTo);
      opened.users++;
      const viewer = new Viewer({
        channel: opened.channel,
        after,
        onEnd() {
          viewers.delete(viewer);
          leave(opened, linger.streamMs);
        },
      });
      viewers.add(viewer);
      if (isClosed) viewer.end();
      return viewer.stream;
    },
    async moving(series, { closedTo }) {
      if (isClosed) return [];
      const opened = open(series, closedTo);
      opened.users++;
      await firstSight(opened.channel, opened.openedAt + FIRST_SIGHT_MS - clock.now());
      const rows = opened.channel.movingRows;
      leave(opened, linger.requestMs);
      return rows;
    },
    viewers: () => viewers.size,
    watched: () =>
      [...Map.groupBy(viewers, ({ series }) => seriesName(series)).values()]
        .map((own) => ({ ...own[0]!.series, viewers: own.length }))
        .sort((a, b) => b.viewers - a.viewers),
    async close() {
      isClosed = true;
      clearInterval(heartbeat);
      for (const viewer of viewers) viewer.end();
      for (const [name, one] of channels) end(name, one);
      await Promise.all(ending);
    },
  };
}

/** Resolves when something has been seen on the channel, after `maxMs` at the latest. */
async function firstSight(channel: Channel, maxMs: number): Promise<void> {
  if (channel.movingRows.length > 0 || maxMs <= 0) return;
  const seen = Promise.withResolvers<void>();
  const timer = setTimeout(seen.resolve, maxMs);
  channel.listen(seen.resolve);
  await seen.promise;
  channel.unlisten(seen.resolve);
  clearTimeout(timer);
}
