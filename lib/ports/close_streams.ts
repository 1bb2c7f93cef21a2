import type { Interval } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { SeriesKline } from "./kline_store.ts";

/** A candle that a stream of the exchange has sent as closed. */
export interface ClosedEvent extends SeriesKline {
  /** When the exchange sent it, by its own clock. */
  readonly eventTime: EpochMs;
}

/** Follows the closes of any number of series, over several connections to the exchange. */
export interface CloseStreams {
  /** Follows series until `signal` aborts; `onClose` gets every event that could be read. */
  follow(onClose: (event: ClosedEvent) => void, signal: AbortSignal): CloseFollower;
}

export interface CloseFollower {
  /** Replaces the series to follow. */
  want(series: readonly Series[]): void;
  /** True if a connection that can carry the series' events is open. */
  isFollowed(series: Series): boolean;
  /** Since when some of the series have had no connection; `undefined`: all have one. */
  brokenSince(): EpochMs | undefined;
  connections(): readonly StreamConnection[];
  /** Messages that were refused because they were unknown or malformed. */
  malformed(): number;
  /** Resolves when all connections are closed. */
  settled(): Promise<void>;
}

export interface StreamConnection {
  readonly host: string;
  readonly streams: number;
  readonly isOpen: boolean;
}

/**
 * Candles delivered by streams since their instance took over, and the cost of REST beside them.
 */
export interface StreamCounts {
  /** Closed candles stored from streams. */
  readonly stored: number;
  /** Closed candles stored by REST, because no usable event arrived. */
  readonly refetched: number;
  /** Events and messages that were refused. */
  readonly refused: number;
  /** Streamed candles that REST has repeated since, and those of them that differed. */
  readonly checked: number;
  readonly differing: number;
  /** Request weight spent on refetching and checking. */
  readonly weight: number;
}

/** The state of collecting by streams. */
export interface StreamState extends StreamCounts {
  /** Intervals whose closes come from streams. */
  readonly intervals: readonly Interval[];
  /** Series that are followed. */
  readonly series: number;
  /** True if all of them have a connection, so that no other job needs to request them. */
  readonly isComplete: boolean;
  readonly connections: readonly StreamConnection[];
  readonly since: EpochMs;
  readonly updatedAt: EpochMs;
}

/** The state of the instance that follows the streams, shared by all instances. */
export interface StreamBoard {
  /** `undefined` when no instance has written within the last half minute. */
  read(): Promise<StreamState | undefined>;
  write(state: StreamState): Promise<void>;
  /** Removes what this instance has written; another one may have taken over since. */
  remove(): Promise<void>;
}
