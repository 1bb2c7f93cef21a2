import pLimit from "p-limit";
import { type Series, seriesName } from "../core/kline.ts";
import type { KlineRowText } from "../core/text/kline_row_text.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { KlineReader } from "../ports/kline_reader.ts";
import { Channel } from "./channel.ts";
import type { UpstreamDeps } from "./leader.ts";
import { followUpstream } from "./upstream.ts";
import { Viewer } from "./viewer.ts";

export interface LiveHubDeps extends UpstreamDeps {
  readonly reader: KlineReader;
  /** Time that a series is followed after its last stream or request. */
  readonly linger?: { readonly streamMs: number; readonly requestMs: number };
}

export interface LiveRequest {
  /** Open time of the newest candle known to be stored. */
  readonly closedTo: EpochMs;
  /**
   * Sends candles that open strictly after this time; `undefined`: those that close from now on.
   */
  readonly after?: EpochMs | undefined;
}

/** The open candle of each series that has viewers. A series without viewers causes no requests. */
export interface LiveHub {
  /** A stream of server-sent events, ended by its reader or by `close`. */
  stream(series: Series, request: LiveRequest): ReadableStream<Uint8Array>;
  /**
   * The candles after the stored ones, ascending; the last is open. Empty when the exchange has not
   * sent them within 1.5 s. A call keeps the series followed for 30 s.
   */
  openRows(series: Series, request: LiveRequest): Promise<readonly KlineRowText[]>;
  /** Number of streams open in this process. */
  viewers(): number;
  /** Number of streams by series, of series that have any, most streams first. */
  watched(): (Series & { readonly viewers: number })[];
  /** Ends all streams, then waits until candles in progress are stored. */
  close(): Promise<void>;
}

/** Below 5 s, after which some hosts close a silent stream. */
const HEARTBEAT_MS = 4 * SECOND_MS;
/**
 * Time that a series is followed after its last stream or request, so that a reconnect is cheap.
 */
const LINGER = { streamMs: 5 * SECOND_MS, requestMs: 30 * SECOND_MS };
/** Time that requests wait for the first open candle, from the opening of its channel. */
const FIRST_SIGHT_MS = 1_500;

/** Series updated concurrently. Hundreds close together, and pages need connections too. */
const CATCH_UPS = 1;

interface OpenChannel {
  readonly channel: Channel;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  readonly openedAt: EpochMs;
  users: number;
  /** An unused channel is kept until this time. */
  keptUntil: EpochMs;
}

export function createLiveHub(options: LiveHubDeps): LiveHub {
  const { clock, linger = LINGER } = options;
  const viewers = new Set<Viewer>();
  const channels = createChannels(options, () => {
    for (const viewer of viewers) viewer.beat();
  });
  let isClosed = false;

  return {
    stream(series, { closedTo, after = closedTo }) {
      const opened = channels.use(series, closedTo);
      const viewer = new Viewer({
        channel: opened.channel,
        after,
        onEnd() {
          viewers.delete(viewer);
          channels.leave(opened, linger.streamMs);
        },
      });
      viewers.add(viewer);
      if (isClosed) viewer.end();
      return viewer.stream;
    },
    async openRows(series, { closedTo }) {
      if (isClosed) return [];
      const opened = channels.use(series, closedTo);
      await firstSight(opened.channel, opened.openedAt + FIRST_SIGHT_MS - clock.now());
      const rows = opened.channel.openRows;
      channels.leave(opened, linger.requestMs);
      return rows;
    },
    viewers: () => viewers.size,
    watched: () =>
      [...Map.groupBy(viewers, ({ series }) => seriesName(series)).values()]
        .map((own) => ({ ...own[0]!.series, viewers: own.length }))
        .sort((a, b) => b.viewers - a.viewers),
    async close() {
      isClosed = true;
      for (const viewer of viewers) viewer.end();
      await channels.close();
    },
  };
}

/** The channels in use, or used recently. While there are any, `onBeat` is called regularly. */
function createChannels(options: LiveHubDeps, onBeat: () => void) {
  const { clock, reader, board } = options;
  const upstream = catchUpInTurn(options);
  const channels = new Map<string, OpenChannel>();
  const ending = new Set<Promise<void>>();
  let heartbeat: ReturnType<typeof setInterval> | undefined;

  function open(series: Series, closedTo: EpochMs): OpenChannel {
    const channel = new Channel(series, { reader, now: clock.now, closedTo });
    const abort = new AbortController();
    board.watch(series, abort.signal, (state) => channel.update(state));
    const done = followUpstream(upstream, series, () => channel.closedTo, abort.signal);
    const opened = { channel, abort, done, openedAt: clock.now(), users: 0, keptUntil: 0 };
    channels.set(seriesName(series), opened);
    heartbeat ??= setInterval(() => {
      onBeat();
      endUnused();
    }, HEARTBEAT_MS);
    return opened;
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
    abort.abort(new Error("the series has no viewers"));
    ending.add(done);
    void done.finally(() => ending.delete(done));
  }

  return {
    use(series: Series, closedTo: EpochMs): OpenChannel {
      const known = channels.get(seriesName(series));
      known?.channel.noteClosed(closedTo);
      const opened = known ?? open(series, closedTo);
      opened.users++;
      return opened;
    },
    leave(one: OpenChannel, keepMs: number): void {
      one.users--;
      one.keptUntil = Math.max(one.keptUntil, clock.now() + keepMs);
      if (keepMs === 0) endUnused();
    },
    async close(): Promise<void> {
      clearInterval(heartbeat);
      for (const [name, one] of channels) end(name, one);
      await Promise.all(ending);
    },
  };
}

function catchUpInTurn(options: LiveHubDeps): UpstreamDeps {
  const inTurn = pLimit(CATCH_UPS);
  return {
    ...options,
    catchUp: (series, signal) =>
      inTurn(() => {
        signal.throwIfAborted();
        return options.catchUp(series, signal);
      }),
  };
}

/** Resolves when the channel has an open candle, or after `maxMs`. */
async function firstSight(channel: Channel, maxMs: number): Promise<void> {
  if (channel.openRows.length > 0 || maxMs <= 0) return;
  const seen = Promise.withResolvers<void>();
  const timer = setTimeout(seen.resolve, maxMs);
  channel.listen(seen.resolve);
  await seen.promise;
  channel.unlisten(seen.resolve);
  clearTimeout(timer);
}
