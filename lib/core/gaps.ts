import { DAY_MS, type EpochMs, HOUR_MS, type TimeRange } from "./time.ts";

/** The reason why candles are absent. */
export type GapClass = "not_listed" | "exchange_outage" | "pending" | "delisted";

/** Findings of the requests that tried to fill a gap. */
export interface GapEvidence {
  readonly askedAt: EpochMs;
  readonly host: string | undefined;
  /** Number of requests that returned no candle. */
  readonly asked: number;
  /** Other symbols that have candles before and after, at the same interval. */
  readonly others: number;
  /** Number of them that lack the same range. */
  readonly othersMissing: number;
}

/** No outage of the exchange as a whole has lasted this long; the longest took 34 h, in 2018-02. */
const LONGEST_OUTAGE_MS = 3 * DAY_MS;

/** A symbol without candles for this long while others trade was suspended. */
const SUSPENSION_MS = DAY_MS;

/**
 * Classifies a gap at the exchange: the symbol was not traded (delisted, suspended, ticker moved to
 * another coin), or the exchange was down.
 */
export function classOfAbsence(
  { from, to }: TimeRange,
  { others, othersMissing }: Pick<GapEvidence, "others" | "othersMissing">,
): "exchange_outage" | "delisted" {
  if (othersMissing > 0) return "exchange_outage";
  return to - from >= (others > 0 ? SUSPENSION_MS : LONGEST_OUTAGE_MS)
    ? "delisted"
    : "exchange_outage";
}

/**
 * Pauses before a confirmed gap is requested again, after the 1st, 2nd, … request without a result.
 */
export const ASK_AGAIN_MS = [HOUR_MS, DAY_MS, 7 * DAY_MS, 30 * DAY_MS];

/**
 * When a gap is requested next (in the past when due): immediately if it is ours, with growing
 * pauses if it is the exchange's, `undefined` for never.
 */
export function askAgainAt(
  gap: { readonly class: GapClass; readonly evidence: GapEvidence | undefined },
): EpochMs | undefined {
  if (gap.class === "pending") return 0;
  if (gap.class === "not_listed" || gap.evidence === undefined) return undefined;
  const { asked, askedAt } = gap.evidence;
  return askedAt + pauseAfter(asked);
}

/** Pause in ms before the next request for what `asked` requests have confirmed. */
function pauseAfter(asked: number): number {
  return ASK_AGAIN_MS[Math.min(asked, ASK_AGAIN_MS.length) - 1] ?? HOUR_MS;
}

/** True if a gap should be requested now. */
export function isDue(
  gap: { readonly class: GapClass; readonly evidence: GapEvidence | undefined },
  now: EpochMs,
): boolean {
  const time = askAgainAt(gap);
  return time !== undefined && time <= now;
}
