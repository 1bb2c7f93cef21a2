import type { GapClass, GapEvidence } from "../core/gaps.ts";
import type { Interval } from "../core/interval.ts";
import type { KlineColumn, Series } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";
import type { Gap } from "./gap_ledger.ts";
import type { WriteCount } from "./kline_store.ts";
import type { CandleOrigin, RunOutcome } from "./run_ledger.ts";

/** One entry of the run history. */
export interface Run extends WriteCount {
  readonly runId: number;
  readonly job: string;
  /** `undefined` for a job that brings no candles. */
  readonly source: CandleOrigin | undefined;
  readonly startedAt: EpochMs;
  /** `undefined`: still running, or its process was killed. */
  readonly finishedAt: EpochMs | undefined;
  /** `undefined` while `finishedAt` is. */
  readonly outcome: RunOutcome | undefined;
  readonly fetched: number;
  readonly requests: number;
  readonly weight: number;
  readonly error: string | undefined;
  /** The check that the operator has overridden. */
  readonly note: string | undefined;
}

/** The run that wrote a series' newest candle, and the delay after its close. */
export interface SeriesActivity extends Series {
  readonly storedAt: EpochMs;
  readonly runId: number;
  readonly job: string;
  /**
   * Delay from a candle's end to its storage, in ms: the newest candle, and the 95th percentile.
   */
  readonly lagMs: number;
  readonly lagP95Ms: number | undefined;
}

/** Gaps of one class in a series. */
export interface GapCount extends Series {
  readonly class: GapClass;
  readonly ranges: number;
  /** Number of missing whole candles. */
  readonly missing: number;
}

/** Missing candles in one of several equal parts of a range. */
export interface AbsentPart extends Series {
  readonly class: GapClass;
  /** Index of the part, from 0. */
  readonly part: number;
  readonly absentMs: number;
}

export interface GapFilter {
  /** Only gaps of these series. */
  readonly series?: readonly Series[] | undefined;
  readonly class?: GapClass | undefined;
  /** Only gaps that begin at this time. */
  readonly from?: EpochMs | undefined;
}

/** Gaps of one class that begin and end together, as in an outage of the exchange. */
export interface GapGroup extends TimeRange {
  readonly class: GapClass;
  /** Number of series and of symbols that have the gap, and its candles in all of them. */
  readonly series: number;
  readonly symbols: number;
  readonly missing: number;
  readonly intervals: readonly Interval[];
  /** One of the symbols, or two of two and more. */
  readonly names: readonly string[];
  /** Evidence in the series of one of these symbols. */
  readonly evidence: GapEvidence | undefined;
}

/** Imported candles within a gap of a series. */
export interface ImportedPart extends Series, TimeRange {
  readonly class: GapClass;
  readonly imported: number;
}

/** A candle with two known versions. */
export interface KlineVersions extends Series {
  readonly openTime: EpochMs;
  /** When the newer version was stored, or the other source read. */
  readonly at: EpochMs;
  readonly runId: number;
  readonly job: string;
  readonly source: CandleOrigin;
  /** Columns that differ, digits as they are stored. */
  readonly changes: readonly {
    readonly column: KlineColumn;
    readonly old: string;
    readonly new: string;
  }[];
}

/** An archive file that was invalid or missing; its candles came from the API. */
export interface RefusedFile extends Series {
  readonly name: string;
  readonly reason: string;
  readonly at: EpochMs;
  readonly runId: number;
}

/** Counts of candles and files of other sources that contradict a stored series. */
export interface SeriesDisputes extends Series {
  /** Candles that differ in a less reliable source. */
  readonly conflicts: number;
  readonly refusedFiles: number;
}

/** The newest entries, and the total number. */
export interface Newest<Item> {
  readonly total: number;
  readonly items: readonly Item[];
}

/** Sizes in bytes, including indexes. */
export interface DatabaseSize {
  readonly version: string;
  readonly startedAt: EpochMs;
  readonly bytes: number;
  readonly tables: readonly {
    /** Sizes of candles by interval. */
    readonly interval: Interval | undefined;
    readonly name: string;
    readonly bytes: number;
  }[];
}

/**
 * Reads the data of the status page. Every method throws `store_unavailable` when it cannot be
 * reached.
 */
export interface StatusReader {
  /** One entry for each of these series that has candles. */
  activity(series: readonly Series[]): Promise<SeriesActivity[]>;
  /** Of all series by default. */
  gapCounts(series?: readonly Series[]): Promise<GapCount[]>;
  /** Missing candles of these series in each of `parts` equal parts of the range. */
  absence(series: readonly Series[], range: TimeRange, parts: number): Promise<AbsentPart[]>;
  /** Newest first; gaps that several series share are one entry. */
  gapGroups(filter: GapFilter, page: { limit: number; offset: number }): Promise<Newest<GapGroup>>;
  /** Newest first. */
  gaps(filter: GapFilter, page: { limit: number; offset: number }): Promise<Newest<Gap>>;
  /** Imported candles of `series` within their gaps that are exactly one of `ranges`. */
  importedIn(
    ranges: readonly TimeRange[],
    series: readonly Series[],
  ): Promise<ImportedPart[]>;
  /** Newest first; with `before`, only runs with a smaller id. */
  runs(page: { limit: number; before?: number | undefined }): Promise<Run[]>;
  /** Candles that the exchange has revised. */
  revisions(page: { limit: number; offset: number }): Promise<Newest<KlineVersions>>;
  /** Candles that differ in a less reliable source; `old` is the stored version. */
  conflicts(page: { limit: number; offset: number }): Promise<Newest<KlineVersions>>;
  /** Newest first. */
  refusals(page: { limit: number; offset: number }): Promise<Newest<RefusedFile>>;
  /** One entry per series that has any, unordered. */
  disputes(): Promise<SeriesDisputes[]>;
  size(): Promise<DatabaseSize>;
}
