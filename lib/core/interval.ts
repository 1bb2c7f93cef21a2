import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS, type TimeRange } from "./time.ts";

/**
 * The kline intervals of Binance spot, shortest first, with their lengths in ms; case-sensitive
 * (`1m` minute, `1M` month). `1M` has the length of the shortest month.
 * Source: binance-spot-api-docs, rest-api.md, "Supported kline intervals".
 */
const LENGTHS_MS = {
  "1s": SECOND_MS,
  "1m": MINUTE_MS,
  "3m": 3 * MINUTE_MS,
  "5m": 5 * MINUTE_MS,
  "15m": 15 * MINUTE_MS,
  "30m": 30 * MINUTE_MS,
  "1h": HOUR_MS,
  "2h": 2 * HOUR_MS,
  "4h": 4 * HOUR_MS,
  "6h": 6 * HOUR_MS,
  "8h": 8 * HOUR_MS,
  "12h": 12 * HOUR_MS,
  "1d": DAY_MS,
  "3d": 3 * DAY_MS,
  "1w": 7 * DAY_MS,
  "1M": 28 * DAY_MS,
};

export type Interval = keyof typeof LENGTHS_MS;

export const INTERVALS = Object.keys(LENGTHS_MS) as Interval[];

/** 1970-01-05, the first Monday after the epoch: `1w` candles open on Mondays. */
const FIRST_MONDAY: EpochMs = 4 * DAY_MS;

export function isInterval(text: string): text is Interval {
  return (INTERVALS as readonly string[]).includes(text);
}

/**
 * An interval in names of files, as the exchange's archive spells it: `1mo` for `1M`, because names
 * ignore case on some systems.
 */
export function spellInNames(interval: Interval): string {
  return interval === "1M" ? "1mo" : interval;
}

/** Length in ms; for `1M` the shortest month (28 days). */
export function intervalMs(interval: Interval): number {
  return LENGTHS_MS[interval];
}

/**
 * End of the candle that opens at `openTime`, exclusive: the next candle's open time. A candle is
 * closed once the exchange's clock has reached it; the close time that the exchange sends is not
 * used, because it is wrong after outages.
 */
export function endOf(openTime: EpochMs, interval: Interval): EpochMs {
  return interval === "1M" ? addMonths(openTime, 1) : openTime + intervalMs(interval);
}

/**
 * Open time of the candle that contains `time`. `anchor` is any known open time of the series; only
 * `3d` needs one, because Binance does not document the start of its grid.
 */
export function openTimeOf(time: EpochMs, interval: Interval, anchor?: EpochMs): EpochMs {
  if (interval === "1M") {
    const date = new Date(time);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  }
  const step = intervalMs(interval);
  const origin = anchorOf(interval, anchor);
  return Math.floor((time - origin) / step) * step + origin;
}

/** First open time at or after `time`. */
export function firstOpenFrom(time: EpochMs, interval: Interval, anchor?: EpochMs): EpochMs {
  const open = openTimeOf(time, interval, anchor);
  return open === time ? open : endOf(open, interval);
}

/** True if `time` lies on the grid on which candles normally open. */
export function isOnGrid(time: EpochMs, interval: Interval, anchor?: EpochMs): boolean {
  return openTimeOf(time, interval, anchor) === time;
}

/** Whole candles that fit between `from` and `to`, counted from `from` on; 0 when they overlap. */
export function countWhole({ from, to }: TimeRange, interval: Interval): number {
  if (to <= from) return 0;
  if (interval !== "1M") return Math.floor((to - from) / intervalMs(interval));
  const first = monthOf(firstOpenFrom(from, "1M"));
  return Math.max(0, monthOf(to) - first);
}

/** The open time `candles` steps before (negative) or after `openTime`. */
export function shiftOpen(openTime: EpochMs, interval: Interval, candles: number): EpochMs {
  return interval === "1M"
    ? addMonths(openTime, candles)
    : openTime + candles * intervalMs(interval);
}

function anchorOf(interval: Interval, anchor: EpochMs | undefined): EpochMs {
  if (interval === "1w") return FIRST_MONDAY;
  return interval === "3d" ? anchor ?? 0 : 0;
}

/** Months since year 0. */
function monthOf(time: EpochMs): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** First day of the month that lies `months` after the month of `time`. */
function addMonths(time: EpochMs, months: number): EpochMs {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months);
}
