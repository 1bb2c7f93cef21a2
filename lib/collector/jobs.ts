import { firstOpenFrom } from "../core/interval.ts";
import { type Series, seriesName } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { GapLedger } from "../ports/gap_ledger.ts";
import { auditSeries } from "./audit.ts";
import { backfillSeries, findListing } from "./backfill/backfill.ts";
import { createProgressLog, logPlan, measureBackfill } from "./backfill/backfill_log.ts";
import {
  collectForward,
  collectNewest,
  type CollectorDeps,
  findOverdue,
  FIRST_CANDLES,
} from "./collect.ts";
import { batchesAhead, forEachSeries } from "./each_series.ts";
import { recordEdges } from "./edges.ts";
import { bearRemoval } from "./removal.ts";
import { fillGaps, fillPending } from "./repair.ts";
import type { Rotation } from "./rotation.ts";
import {
  executeRun,
  inBackground,
  type JobDeps,
  type JobReport,
  prepareSymbols,
  requireListed,
  withHealth,
} from "./run.ts";

/**
 * Brings every series up to its last closed candle; see `collectForward`. Series that have it are
 * not requested.
 */
export function runCollect(
  deps: JobDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<JobReport> {
  return executeRun(deps, "collect", (step) =>
    withHealth(deps, series, async (due) => {
      const markets = await prepareSymbols(step, due, signal);
      const isTrading = ({ symbol }: Series) =>
        markets.isMaintenance || markets.bySymbol.get(symbol)?.status === "TRADING";
      const asked = await findOverdue(step, due, isTrading, signal);
      const own = { ...step, ahead: batchesAhead(asked.length) };
      const failures = await forEachSeries(
        asked,
        signal,
        (one) => bearRemoval(requireListed(markets, one), () => collectForward(own, one, signal)),
      );
      return { failures, asked };
    }), signal);
}

/**
 * Series of one repair: with a batch of the newest candles and one of older ones they cost 400 of
 * the 60,000 weight that the exchange allows in ten minutes.
 */
export const REPAIR_SERIES = 100;
/** Newest candles of each that it fetches again. */
const RECHECK_CANDLES = 100;

export interface RepairJobDeps extends JobDeps {
  /** For more series than one repair can do; without it each repair does all. */
  readonly rotation?: { readonly pending: Rotation; readonly all: Rotation } | undefined;
  readonly now: () => EpochMs;
  /** Request weight per minute that the exchange allows. */
  readonly weightLimit: () => number;
  /** Tells series whose newest candles need no second request; see `StreamRest.checkDue`. */
  readonly isStreamed?: ((series: Series) => boolean) | undefined;
}

/**
 * Batches of older candles audited per repair, over all series: a twentieth of a minute's weight.
 */
const AUDIT_PAGES = 120;

/**
 * Repairs every series: fills its gaps, and audits its newest candles and, in rotation, older ones
 * for revisions; see `fillGaps` and `auditSeries`. A series with pending gaps is audited in the
 * next repair.
 */
export function runRepair(
  deps: RepairJobDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<JobReport> {
  const { gaps, now, historySince, isStreamed = () => false } = deps;
  return executeRun(
    inBackground(deps),
    "repair",
    async (step) => {
      const turn = await findTurn(deps, series);
      const pages = Math.max(1, Math.floor(AUDIT_PAGES / turn.length));
      return await withHealth(deps, turn, async (due) => {
        const own = { ...step, gaps, now };
        const markets = await prepareSymbols(step, due, signal);
        const { isMaintenance } = markets;
        const undone = new Set(due.map(seriesName));
        const failures = await forEachSeries(due, signal, async (one) => {
          const market = requireListed(markets, one);
          await bearRemoval(market, async () => {
            const filled = await fillGaps(own, one, signal);
            const isEmpty = (await step.store.getState(one)).rows === 0;
            if (isEmpty) await collectNewest(own, one, signal, FIRST_CANDLES);
            else if (!isStreamed(one)) await collectNewest(own, one, signal, RECHECK_CANDLES);
            if (filled === 0) await auditSeries(own, one, pages, signal);
          });
          await recordEdges(own, one, { ...market, isMaintenance }, historySince, signal);
          undone.delete(seriesName(one));
        }).catch((error) => {
          giveBack(deps, undone);
          throw error;
        });
        return { failures, asked: due };
      });
    },
    signal,
  );
}

/** The next repair continues with the series that this one has not reached. */
function giveBack({ rotation }: RepairJobDeps, undone: ReadonlySet<string>): void {
  const isUndone = (one: Series) => undone.has(seriesName(one));
  rotation?.pending.giveBack(isUndone);
  rotation?.all.giveBack(isUndone);
}

/** The series of one repair: up to half of them have pending gaps, the others take turns. */
export async function findTurn(
  { gaps, rotation }: Pick<RepairJobDeps, "rotation"> & { readonly gaps: Pick<GapLedger, "list"> },
  series: readonly Series[],
): Promise<readonly Series[]> {
  if (rotation === undefined || series.length <= REPAIR_SERIES) return series;
  const pending = new Set((await gaps.list({ class: "pending" })).map(seriesName));
  const urgent = series.filter((one) => pending.has(seriesName(one)));
  const first = rotation.pending.take(urgent, REPAIR_SERIES / 2);
  return [...new Set([...first, ...rotation.all.take(series, REPAIR_SERIES - first.length)])];
}

/**
 * Collects the candles before the oldest stored one of every series, and requests gaps found on the
 * way a second time; see `backfillSeries`. Logs its cost first, then its progress.
 */
export function runBackfill(
  deps: RepairJobDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<JobReport> {
  const { gaps, now, historySince } = deps;
  return executeRun(
    inBackground(deps),
    "backfill",
    (step) =>
      withHealth(deps, series, async (due) => {
        const doubtful = await findListings(step, due, signal);
        const known = due.filter((one) => !doubtful.has(seriesName(one)));
        const short = await findShort(step, known);
        const ahead = batchesAhead(short.length);
        const own = { ...await announce(deps, known, step), gaps, now, ahead };
        const failed = await forEachSeries(
          short,
          signal,
          (one) => backfillSeries(own, one, historySince, signal),
        );
        // Only now: the other series tell an outage from a suspension.
        const pending = new Set((await gaps.list({ class: "pending" })).map(seriesName));
        const changed = new Set(short.map(seriesName)).union(pending).difference(failed);
        const whole = known.filter((one) => changed.has(seriesName(one)));
        const open = await forEachSeries(whole, signal, async (one) => {
          await fillGaps(own, one, signal);
        });
        const failures = new Map([...doubtful, ...failed, ...open]);
        return { failures, asked: [] }; // complete series are not requested
      }),
    signal,
  );
}

/** Requests the listing dates that are not known yet; failures by name. */
async function findListings(
  step: CollectorDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<Map<string, unknown>> {
  const states = await step.store.listStates();
  const unlisted = series.filter((one) => states.get(seriesName(one))?.listedAt === undefined);
  return await forEachSeries(unlisted, signal, async (one) => {
    await findListing(step, one, signal);
  });
}

/** Series whose history does not begin where it should. */
async function findShort(
  { store, historySince }: CollectorDeps,
  series: readonly Series[],
): Promise<Series[]> {
  const states = await store.listStates();
  return series.filter((one) => {
    const { firstOpenTime, listedAt = 0 } = states.get(seriesName(one)) ?? {};
    if (firstOpenTime === undefined) return false; // collected first
    return firstOpenTime >
      firstOpenFrom(Math.max(historySince, listedAt), one.interval, firstOpenTime);
  });
}

/** Logs the plan, and then the progress. */
async function announce(
  deps: RepairJobDeps,
  series: readonly Series[],
  step: CollectorDeps,
): Promise<CollectorDeps> {
  const { now, historySince: since, log, store } = deps;
  const weightLimit = deps.weightLimit();
  const states = await store.listStates();
  // A series without candles has no start for a backfill, so it is collected first.
  const begun = series.filter((one) => states.get(seriesName(one))?.firstOpenTime !== undefined);
  const start = await measureBackfill(deps, begun, { since, now: now(), weightLimit });
  if (start.plan.rows > 0) logPlan(log, start);
  const advance = createProgressLog(log, start, now);
  return {
    ...step,
    onPage(one, page) {
      step.onPage?.(one, page);
      advance(page.new, step.source.usage());
    },
  };
}

/**
 * Brings one series up to its last closed candle, including known pending gaps, for its live
 * viewers; returns the open time of the newest stored candle. Does not request exchangeInfo: only
 * collected series have viewers.
 */
export async function runCatchUp(
  deps: JobDeps & { readonly now: () => EpochMs },
  series: Series,
  signal: AbortSignal,
): Promise<EpochMs> {
  const { gaps, now, log, store } = deps;
  const quiet = { ...log, info: log.debug }; // one line per minute would hide the others
  await executeRun({ ...deps, log: quiet }, "live", async (step) => {
    await collectForward(step, series, signal);
    await fillPending({ ...step, gaps, now }, series, signal);
    return new Map();
  }, signal);
  return (await store.getState(series)).lastOpenTime ?? 0;
}
