import type { GapClass } from "../../core/gaps.ts";
import type { ArchiveShare } from "../../core/remaining_history.ts";
import type { Series } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import type { IconName } from "../components/icon_shapes.ts";

/**
 * State of a series: fresh, late or stale while it is collected; `idle` when the exchange no longer
 * trades the symbol; `left` when it is stored but no longer configured.
 */
export type SeriesState = "fresh" | "late" | "stale" | "collecting" | "idle" | "left";

export interface GapSum {
  readonly class: GapClass;
  readonly ranges: number;
  /** Whole candles. */
  readonly missing: number;
}

/** All data of a series on the status page. */
export interface SeriesStatus extends Series {
  readonly state: SeriesState;
  readonly firstOpenTime: EpochMs | undefined;
  /** End of the newest candle. */
  readonly newestClosed: EpochMs | undefined;
  readonly rows: number;
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
  readonly activity: {
    readonly runId: number;
    readonly job: string;
    readonly storedAt: EpochMs;
    readonly lagMs: number;
    readonly lagP95Ms: number | undefined;
  } | undefined;
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

/** `All 30 series fresh`, or the numbers of others: `2 of 30 late, 1 of 30 collecting`. */
export function headlineOf(all: readonly SeriesStatus[]): string {
  const followed = all.filter(({ state }) => state !== "left");
  const isWell = ({ state }: SeriesStatus) => state === "fresh" || state === "idle";
  const counts = (["stale", "late", "collecting"] as const).flatMap((state) => {
    const count = followed.filter((one) => one.state === state).length;
    return count === 0 ? [] : [`${count} of ${followed.length} ${STATE_WORD[state]}`];
  });
  if (counts.length > 0) return counts.join(", ");
  if (followed.length === 0) return "No series";
  return followed.length === 1 && followed.every(isWell)
    ? "1 series fresh"
    : `All ${followed.length} series fresh`;
}

/** The worst state, shown as the headline's icon. */
export function worstState(all: readonly SeriesStatus[]): SeriesState {
  return (["stale", "late", "collecting"] as const)
    .find((state) => all.some((one) => one.state === state)) ?? "fresh";
}

/** Totals of a class of gaps. */
export function sumGaps(all: readonly SeriesStatus[], reason: GapClass): GapSum {
  const own = all.flatMap(({ gaps }) => gaps).filter((gap) => gap.class === reason);
  return {
    class: reason,
    ranges: own.reduce((sum, { ranges }) => sum + ranges, 0),
    missing: own.reduce((sum, { missing }) => sum + missing, 0),
  };
}
