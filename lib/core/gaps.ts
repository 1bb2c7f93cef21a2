import { DAY_MS, type EpochMs, HOUR_MS, type TimeRange } from "./time.ts";

/** Why candles are absent. */
export type GapClass = "not_listed" | "exchange_outage" | "pending" | "delisted";

/** What was seen when a hole was asked for again. */
export interface GapEvidence {
  readonly askedAt: EpochMs;
  readonly host: string | undefined;
  /** Times the exchange was asked in vain. */
  readonly asked: number;
  /** Other symbols that have candles before and after, at the same interval. */
  readonly others: number;
  /** How many of them miss the same stretch. */
  readonly othersMissing: number;
}

/** No outage of the exchange as a whole has lasted this long; the longest took 34 h, in 2018-02. */
const LONGEST_OUTAGE_MS = 3 * DAY_MS;

/** One symbol that is silent this long while others trade has been suspended. */
const SUSPENSION_MS = DAY_MS;

/**
 * Why the exchange itself lacks candles: the symbol was not traded for a while (delisted, suspended,
 * its name between two coins), or the exchange did not work.
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

/** Pauses before a confirmed absence is asked for once more, after the 1st, 2nd, … vain question. */
const ASK_AGAIN_MS = [HOUR_MS, DAY_MS, 7 * DAY_MS, 30 * DAY_MS];

/**
 * When a hole is to be asked for, in the past when that is due: ours at once, the exchange's ever
 * more rarely, `undefined` for what is not asked for again.
 */
export function askAgainAt(
  gap: { readonly class: GapClass; readonly evidence: GapEvidence | undefined },
): EpochMs | undefined {
  if (gap.class === "pending") return 0;
  if (gap.class === "not_listed" || gap.evidence === undefined) return undefined;
  const { asked, askedAt } = gap.evidence;
  return askedAt + (ASK_AGAIN_MS[Math.min(asked, ASK_AGAIN_MS.length) - 1] ?? HOUR_MS);
}

/** Whether a hole should be asked for now. */
export function isDue(
  gap: { readonly class: GapClass; readonly evidence: GapEvidence | undefined },
  now: EpochMs,
): boolean {
  const time = askAgainAt(gap);
  return time !== undefined && time <= now;
}
