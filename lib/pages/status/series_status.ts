import type { GapClass } from "../../core/gaps.ts";
import type { ArchiveShare } from "../../core/remaining_history.ts";
import type { Series } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import type { IconName } from "../components/icon_shapes.ts";

/**
 * State of a series: fresh, late or stale while it is collected; `idle` when the exchange no longer
 * trades the symbol; `left` when it is stored but no longer configured.
 */
export const SERIES_STATES = ["fresh", "late", "stale", "collecting", "idle", "left"] as const;
export type SeriesState = typeof SERIES_STATES[number];

export interface GapSum {
  readonly class: GapClass;
  readonly ranges: number;
  /** Whole candles. */
  readonly missing: number;
}

/** A series as it follows from the catalogue, without a look at its candles. */
export interface SeriesStatus extends Series {
  readonly state: SeriesState;
  /** `undefined` until the symbol is stored. */
  readonly quote: string | undefined;
  /** As the exchange states it, such as TRADING. */
  readonly symbolStatus: string | undefined;
  readonly firstOpenTime: EpochMs | undefined;
  /** End of the newest candle. */
  readonly newestClosed: EpochMs | undefined;
  readonly rows: number;
  /** Candles of other programs' files, in none of the other figures. */
  readonly importedRows: number;
  /** Start of its wanted history; `undefined` while unknown. */
  readonly since: EpochMs | undefined;
  /** Candles from there to now. */
  readonly expected: number | undefined;
  /** `rows` of `expected`, 0..1. */
  readonly coverage: number | undefined;
  /** Remaining candles: older ones and pending ones. */
  readonly remaining: number | undefined;
  /** The part in archive files. */
  readonly archived: ArchiveShare | undefined;
  readonly gaps: readonly GapSum[];
}

export const STATE_WORD: Record<SeriesState, string> = {
  fresh: "fresh",
  late: "late",
  stale: "stale",
  collecting: "collecting",
  idle: "not trading",
  left: "not collected",
};

export const STATE_ICON: Record<SeriesState, IconName> = {
  fresh: "fresh",
  late: "late",
  stale: "stale",
  collecting: "collecting",
  idle: "frozen",
  left: "frozen",
};

export const CLASS_WORD: Record<GapClass, string> = {
  pending: "pending",
  exchange_outage: "exchange outage",
  not_listed: "not listed yet",
  delisted: "not traded",
};
