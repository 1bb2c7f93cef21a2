import type { GapClass } from "../core/gaps.ts";
import type { Interval } from "../core/interval.ts";
import type { KlineColumn, Series } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";
import type { Gap } from "./gap_ledger.ts";
import type { WriteCount } from "./kline_store.ts";
import type { CandleOrigin, RunOutcome } from "./run_ledger.ts";

/** A line of the run history. */
export interface Run extends WriteCount {
  readonly runId: number;
  readonly job: string;
  /** `undefined` for a job that brings no candles. */
  readonly source: CandleOrigin | undefined;
  readonly startedAt: EpochMs;
  /** `undefined`: still running, or its process was killed. */
  readonly finishedAt: EpochMs | undefined;
  /** `undefined` as long as `finishedAt` is. */
  readonly outcome: RunOutcome | undefined;
  readonly fetched: number;
  readonly requests: number;
  readonly weight: number;
  readonly error: string | undefined;
  /** What the operator overrode. */
  readonly note: string | undefined;
}

/** Who wrote the newest candle of a series, and how long after it had closed. */
export interface SeriesActivity extends Series {
  readonly storedAt: EpochMs;
  readonly runId: number;
  readonly job: string;
  /** From a candle's end to its being stored: the newest one, and 95 % of the recent ones. */
  readonly lagMs: number;
  readonly lagP95Ms: number | undefined;
}

/** Holes of one class in a series. */
export interface HoleCount extends Series {
  readonly class: GapClass;
  readonly ranges: number;
  /** Whole candles. */
  readonly missing: number;
}

/** What is absent from one of several equal parts of a stretch of time. */
export interface AbsentPart extends Series {
  readonly class: GapClass;
  /** From 0 on. */
  readonly part: number;
  readonly absentMs: number;
}

export interface GapFilter {
  readonly symbol?: string | undefined;
  readonly interval?: Interval | undefined;
  readonly class?: GapClass | undefined;
}

/** A candle of which two versions are known. */
export interface KlineVersions extends Series {
  readonly openTime: EpochMs;
  /** When the newer version came, or the other source was read. */
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

/** A file of the exchange's archive that could not be trusted or had; the API was asked instead. */
export interface RefusedFile extends Series {
  readonly name: string;
  readonly reason: string;
  readonly at: EpochMs;
  readonly runId: number;
}

/** How often sources contradict what is stored of a series, or could not be believed. */
export interface SeriesDisputes extends Series {
  /** Candles that a less reliable source has otherwise. */
  readonly conflicts: number;
  readonly refusedFiles: number;
}

/** The newest of many, and how many there are. */
export interface Newest<Item> {
  readonly total: number;
  readonly items: readonly Item[];
}

/** Sizes in bytes, indexes and all. */
export interface DatabaseSize {
  readonly version: string;
  readonly startedAt: EpochMs;
  readonly bytes: number;
  readonly tables: readonly {
    /** Of candles, by interval. */
    readonly interval: Interval | undefined;
    readonly name: string;
    readonly bytes: number;
  }[];
}

/** What the status page tells. Every method throws `store_unavailable` when it cannot be reached. */
export interface StatusReader {
  /** Of every series that has a candle. */
  activity(): Promise<SeriesActivity[]>;
  holes(): Promise<HoleCount[]>;
  /** What is absent from each of `parts` equal parts of the range. */
  absence(range: TimeRange, parts: number): Promise<AbsentPart[]>;
  /** Newest first. */
  gaps(filter: GapFilter, page: { limit: number; offset: number }): Promise<Newest<Gap>>;
  /** Newest first; `before` a run's id: older ones. */
  runs(page: { limit: number; before?: number | undefined }): Promise<Run[]>;
  /** Candles that the exchange restated. */
  revisions(page: { limit: number; offset: number }): Promise<Newest<KlineVersions>>;
  /** Candles that a less reliable source has otherwise; `old` is what is stored. */
  conflicts(page: { limit: number; offset: number }): Promise<Newest<KlineVersions>>;
  /** Newest first. */
  refusals(page: { limit: number; offset: number }): Promise<Newest<RefusedFile>>;
  /** Of series that have any, in no particular order. */
  disputes(): Promise<SeriesDisputes[]>;
  size(): Promise<DatabaseSize>;
}
