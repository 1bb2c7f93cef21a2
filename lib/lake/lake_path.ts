import { intervalMs, spellInNames } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import { type EpochMs, MINUTE_MS, type TimeRange, toIso } from "../core/time.ts";
import type { Period } from "../ports/lake_source.ts";

/** Series with shorter intervals have a file per month, the others one per year. */
const SHORT_MS = 15 * MINUTE_MS;

/** The part of a series that is one file. */
export function periodOf({ interval }: Series): Period {
  return intervalMs(interval) < SHORT_MS ? "month" : "year";
}

/** The month or year, in UTC, that contains `time`. */
export function periodAt(time: EpochMs, period: Period): TimeRange {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return period === "year"
    ? { from: Date.UTC(year), to: Date.UTC(year + 1) }
    : { from: Date.UTC(year, month), to: Date.UTC(year, month + 1) };
}

/** Beginnings of the periods from that of `first` to that of `last`. */
export function periodsBetween(first: EpochMs, last: EpochMs, period: Period): EpochMs[] {
  const begins: EpochMs[] = [];
  for (let { from, to } = periodAt(first, period); from <= last;) {
    begins.push(from);
    ({ from, to } = periodAt(to, period));
  }
  return begins;
}

/** `symbol=BTCUSDT/interval=1h/year=2024/2024.parquet`, or `2024-03.parquet` for a month. */
export function lakePath({ symbol, interval }: Series, period: Period, begin: EpochMs): string {
  const [year, month] = toIso(begin).split("-");
  const name = period === "year" ? year : `${year}-${month}`;
  return `symbol=${encodeName(symbol)}/interval=${
    spellInNames(interval)
  }/year=${year}/${name}.parquet`;
}

/**
 * Encodes the characters that a folder's name cannot have everywhere, as readers of partitioned
 * files decode them. Windows drops a dot at the end.
 */
function encodeName(symbol: string): string {
  return encodeURIComponent(symbol).replace(/\.$/, "%2E");
}
