import type { Candle } from "../model/candle.ts";

/** Time of two missed heartbeats, after which the stream is considered dead. */
export const SILENCE_MS = 10_000;

/**
 * `live`: the stream delivers. `lost`: it does not, and newer candles are polled.
 * `polling`: newer windows hold the browser's streams, and the open candle is polled. `resting`:
 * the page is hidden.
 */
export type LiveState = "connecting" | "live" | "lost" | "polling" | "resting";

export interface LiveFeedOptions {
  readonly href: string;
  /** From polling klines, without a stream. */
  readonly newestHref: string;
  /** Open time of the newest closed candle the page has. */
  readonly lastOpenTime: () => number;
  readonly onTick: (candle: Candle) => void;
  readonly onClose: (candle: Candle) => void;
  readonly onState: (state: LiveState) => void;
  /** Called with every event and heartbeat. */
  readonly onHeard: () => void;
  /** Requests newer candles in another way. */
  readonly poll: () => Promise<void>;
}
