import { type Interval, intervalMs } from "../../../core/interval.ts";
import { DAY_MS, type EpochMs } from "../../../core/time.ts";
import type { Values } from "./sma.ts";

/** What a volume-weighted price needs of a candle. */
export interface Traded {
  readonly openTime: EpochMs;
  readonly volume: number;
  readonly quoteVolume: number;
}

/**
 * Volume-weighted average price since the session began: exact, because the exchange states how much
 * was paid. A session without trades has none yet, and one whose beginning is absent has none at all.
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

/** What a session is: the UTC day; the month for candles of a day, the year for longer ones. */
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
