import type { SeriesMark } from "../core/cursor.ts";
import type { KlineColumn, Series } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";
import type { DecimalSize, OpenExport, SeriesHead } from "./kline_exporter.ts";

/** The calendar periods, in UTC, into which a series is divided. */
export type Period = "month" | "year";

/** The candles of a part of a series. */
export interface Survey {
  readonly rows: number;
  /** `undefined` without candles; so is `lastOpenTime`. */
  readonly firstOpenTime: EpochMs | undefined;
  readonly lastOpenTime: EpochMs | undefined;
  /** Digits of the decimal columns. */
  readonly sizes: ReadonlyMap<KlineColumn, DecimalSize>;
}

/** A stored series. */
export interface StoredSeries extends Series, SeriesMark {
  readonly rows: number;
}

/** One series, in a snapshot. */
export interface SeriesSnapshot extends Pick<OpenExport, "close"> {
  readonly head: SeriesHead & { readonly firstOpenTime: EpochMs | undefined };
  /** Counts and measures the candles of a part. Reads all of them. */
  survey(part: TimeRange): Promise<Survey>;
  /**
   * Beginnings of the periods, ascending, in which candles were stored or corrected after a version
   * of the series. Deleted candles leave no trace.
   */
  changedPeriods(period: Period, after: number): Promise<EpochMs[]>;
  /** Candles of a part, as `OpenExport.tuples` has them. */
  tuples(
    sizes: ReadonlyMap<KlineColumn, DecimalSize>,
    part: TimeRange,
  ): ReadableStream<Uint8Array>;
}

/** Reads whole series for a copy of them in files. */
export interface LakeSource {
  /** Every series that was opened, by symbol and interval. */
  listStored(): Promise<StoredSeries[]>;
  /** @throws `not_found` for a series that is not stored */
  open(series: Series): Promise<SeriesSnapshot>;
}
