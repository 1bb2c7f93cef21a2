import { type Interval, intervalMs } from "../../../core/interval.ts";
import { DAY_MS, type EpochMs } from "../../../core/time.ts";
import type { Values } from "./sma.ts";

/** Input of a volume-weighted price. */
export interface Traded {
  readonly openTime: EpochMs;
  readonly volume: number;
  readonly quoteVolume: number;
}

/**
 * Volume-weighted average price since the start of the session, from the exchange's exact quote
 * volumes. `undefined` before the session's first trade, and in a session whose first candle is
 * missing.
 */
export function vwap(candles: readonly Traded[], interval: Interval): Values {
  let [isWhole, volume, paid] = [false, 0, 0];
  return candles.map((candle) => {
    if (isFirst(candle, interval)) [isWhole, volume, paid] = [true, 0, 0];
    if (!isWhole) return undefined;
    volume += candle.volume;
    paid += candle.quoteVolume;
    return volume > 0 ? paid / volume : undefined;
  });
}

function isFirst({ openTime }: Traded, interval: Interval): boolean {
  const before = openTime - intervalMs(interval);
  return sessionStart(before, interval) !== sessionStart(openTime, interval);
}

/** Length of a session: the UTC day; for daily candles the month, for longer ones the year. */
export function sessionOf(interval: Interval): "day" | "month" | "year" {
  const length = intervalMs(interval);
  return length < DAY_MS ? "day" : length < 7 * DAY_MS ? "month" : "year";
}

export function sessionStart(time: EpochMs, interval: Interval): EpochMs {
  const session = sessionOf(interval);
  if (session === "day") return Math.floor(time / DAY_MS) * DAY_MS;
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), session === "month" ? date.getUTCMonth() : 0);
}
