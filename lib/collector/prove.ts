import { AppError, describeError } from "../core/errors.ts";
import { endOf } from "../core/interval.ts";
import { seriesName } from "../core/kline.ts";
import { causeOf } from "../core/rollup.ts";
import { type EpochMs, toIso } from "../core/time.ts";
import type { RollupDifference, RollupLedger, RollupPair } from "../ports/rollup_ledger.ts";
import { collectFrom, type CollectorDeps } from "./collect.ts";
import { forEachSeries } from "./each_series.ts";
import { executeRun, inBackground, type JobDeps } from "./run.ts";

export interface ProofJobDeps extends JobDeps {
  readonly rollups: RollupLedger;
  readonly now: () => EpochMs;
}

/** Differences of one run for which the exchange is asked again. */
const ASKED_AGAIN = 20;

type Difference = RollupPair & RollupDifference;

/**
 * Compares candles that are new or have changed with the sums of shorter ones, and a few others in
 * turn. The exchange is asked again for those that differ and for their parts. A difference that it
 * confirms is recorded with its cause, and asked for again after growing pauses. Without any, no
 * run is recorded.
 */
export async function runProof(deps: ProofJobDeps, signal: AbortSignal): Promise<void> {
  const { rollups, historySince, now } = deps;
  const failures = await advanceDue(deps, signal);
  failures.push(...await attempt("candles in turn", () => rollups.recheck(), signal));
  const doubtful = await rollups.unconfirmed({ since: historySince, now: now() }, ASKED_AGAIN);
  if (doubtful.length > 0) await askAll(deps, doubtful, signal);
  if (failures.length > 0) throw failures[0];
}

/** Compares the pairs that are due; one failure stops no other. Returns the errors. */
async function advanceDue(deps: ProofJobDeps, signal: AbortSignal): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const pair of await deps.rollups.due()) {
    failures.push(
      ...await attempt(seriesName(pair), () => advanceAll(deps, pair, signal), signal),
    );
  }
  return failures;
}

/** Returns the error, unless everything else would fail as well. */
async function attempt(
  what: string,
  work: () => Promise<void>,
  signal: AbortSignal,
): Promise<unknown[]> {
  try {
    await work();
    return [];
  } catch (error) {
    const isFatal = error instanceof AppError && error.code === "store_unavailable";
    if (signal.aborted || isFatal) throw error;
    const message = `Cannot compare ${what}: ${describeError(error)}`;
    return [new Error(message, { cause: error })];
  }
}

async function askAll(
  deps: ProofJobDeps,
  doubtful: readonly Difference[],
  signal: AbortSignal,
): Promise<void> {
  const bySeries = Map.groupBy(doubtful, seriesName);
  await executeRun(inBackground(deps), "prove", (step) => {
    const series = [...bySeries.values()].map(([first]) => first!);
    return forEachSeries(series, signal, async (one) => {
      for (const difference of bySeries.get(seriesName(one))!) {
        await askAgain(deps, step, difference, signal);
      }
    });
  }, signal);
}

async function advanceAll(
  { rollups }: Pick<ProofJobDeps, "rollups">,
  pair: RollupPair,
  signal: AbortSignal,
): Promise<void> {
  do signal.throwIfAborted(); while (await rollups.advance(pair));
}

/** Fetches a candle and its parts again, and records whether and why they still differ. */
async function askAgain(
  deps: ProofJobDeps,
  step: CollectorDeps,
  difference: Difference,
  signal: AbortSignal,
): Promise<void> {
  const { rollups, now } = deps;
  const { symbol, interval, base, openTime } = difference;
  const parts = { from: openTime, to: endOf(openTime, interval) };
  try {
    await collectFrom(step, { symbol, interval }, { from: openTime, to: openTime + 1 }, signal);
    await collectFrom(step, { symbol, interval: base }, parts, signal);
  } catch (error) {
    // Others come first next time.
    if (!signal.aborted) await rollups.answer(difference, { askedAt: now(), cause: undefined });
    throw error;
  }
  await advanceAll(deps, difference, signal);
  const cause = await findCause(deps, difference);
  const name = `${seriesName(difference)} at ${toIso(openTime)}`;
  if (cause === undefined) return step.log.info(`${name}: now equals the sum of its parts`);
  await rollups.answer(difference, { askedAt: now(), cause });
  const log = difference.cause === cause ? step.log.debug : step.log.warn;
  log(`${name}: differs from the sum of its ${base} candles, as at the exchange (${cause})`);
}

/** `undefined` when the candle no longer differs. */
async function findCause(
  { rollups, store, gaps }: ProofJobDeps,
  { symbol, interval, base, openTime }: Difference,
) {
  const range = { from: openTime, to: endOf(openTime, interval) };
  const check = await rollups.check({ symbol, interval }, range);
  const [found] = check?.differences ?? [];
  const [candle] = await store.read({ symbol, interval }, { from: openTime, to: openTime + 1 });
  if (found === undefined || candle === undefined) return undefined;
  const outages = await gaps.list({ symbol, interval: base, class: "exchange_outage" });
  return causeOf({
    interval,
    base,
    candle,
    parts: await store.read({ symbol, interval: base }, range),
    columns: found.details.map(({ column }) => column),
    hasOutage: outages.some((gap) => gap.from < range.to && gap.to > range.from),
  });
}
