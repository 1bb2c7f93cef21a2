import { classOfAbsence, isDue } from "../core/gaps.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { type EpochMs, type TimeRange, toIso } from "../core/time.ts";
import type { Gap, GapLedger } from "../ports/gap_ledger.ts";
import { collectFrom, type CollectorDeps } from "./collect.ts";

/** Dependencies of repairs beyond collecting. */
export interface RepairDeps extends CollectorDeps {
  readonly gaps: GapLedger;
  readonly now: () => EpochMs;
}

/**
 * Finds gaps in changed series and requests every gap that is due: pending ones immediately,
 * confirmed ones with growing pauses, and nothing around them. Candles that the exchange lacks are
 * recorded with evidence. Returns the number of pending gaps.
 */
export async function fillGaps(
  deps: RepairDeps,
  series: Series,
  signal: AbortSignal,
): Promise<number> {
  await deps.gaps.scan(series);
  return await fillKnownGaps(deps, series, { from: 0, to: Infinity }, signal);
}

/** As `fillGaps`, for known gaps within the range. */
export async function fillKnownGaps(
  deps: RepairDeps,
  series: Series,
  range: TimeRange,
  signal: AbortSignal,
): Promise<number> {
  const { symbol, interval } = series;
  const { lastOpenTime = -Infinity } = await deps.store.getState(series);
  const due = (await deps.gaps.list({ symbol, interval }))
    .filter((gap) => gap.from >= range.from && gap.to <= range.to)
    .filter((gap) => gap.from <= lastOpenTime) // later candles are collected, not filled
    .filter((gap) => isDue(gap, deps.now()));
  for (const gap of due) await askAgain(deps, gap, signal);
  return due.filter((gap) => gap.class === "pending").length;
}

/** Requests known pending gaps, as `fillGaps` does. */
export async function fillPending(
  deps: RepairDeps,
  { symbol, interval }: Series,
  signal: AbortSignal,
): Promise<void> {
  for (const gap of await deps.gaps.list({ symbol, interval, class: "pending" })) {
    await askAgain(deps, gap, signal);
  }
}

async function askAgain(deps: RepairDeps, gap: Gap, signal: AbortSignal): Promise<void> {
  const { gaps, now, log, source } = deps;
  await collectFrom(deps, gap, gap, signal);
  const asked = (gap.evidence?.asked ?? 0) + 1;
  const { symbol, interval } = gap;
  for (const left of await gaps.list({ symbol, interval })) {
    if (left.from < gap.from || left.to > gap.to) continue;
    const others = await gaps.countOthers(left, left);
    const evidence = { askedAt: now(), host: source.usage().host, asked, ...others };
    const absence = classOfAbsence(left, others);
    await gaps.classify(left, left, { class: absence, evidence });
    const stretch = { from: toIso(left.from), to: toIso(left.to), missing: left.missing, asked };
    log.debug(`${seriesName(gap)}: the exchange has no candles (${absence})`, stretch);
  }
}
