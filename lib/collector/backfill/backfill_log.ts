import { type BackfillPlan, planBackfill, remainingRows } from "../../core/remaining_history.ts";
import { countWhole } from "../../core/interval.ts";
import { type Series, seriesName } from "../../core/kline.ts";
import { type EpochMs, SECOND_MS } from "../../core/time.ts";
import type { GapLedger } from "../../ports/gap_ledger.ts";
import type { Logger } from "../../ports/host.ts";
import type { SourceUsage } from "../../ports/kline_source.ts";
import type { KlineStore } from "../../ports/kline_store.ts";
import type { ArchiveOrder } from "./archive_job.ts";
import { countPending } from "./backfill_progress.ts";

interface Held {
  readonly store: Pick<KlineStore, "listStates">;
  readonly gaps: Pick<GapLedger, "list">;
}

/** The start of a backfill: the rows already stored, and the cost of the others. */
export interface BackfillStart {
  readonly rows: number;
  readonly plan: BackfillPlan;
}

/** Adds up stored rows and those to fetch from the API, from `since` to `now`. */
export async function measureBackfill(
  { store, gaps }: Held,
  series: readonly Series[],
  { since, now, weightLimit }: { since: EpochMs; now: EpochMs; weightLimit: number },
): Promise<BackfillStart> {
  const pending = await countPending(gaps);
  const known = await store.listStates();
  const states = series.map((one) => ({
    ...known.get(seriesName(one)) ?? UNKNOWN,
    interval: one.interval,
    pending: pending.get(seriesName(one)) ?? 0,
  }));
  return {
    rows: states.reduce((sum, { rows }) => sum + rows, 0),
    plan: planBackfill(
      states.map((state) => ({ rows: remainingRows(state, since, now) })),
      weightLimit,
    ),
  };
}

/** A series whose symbol was never saved. */
const UNKNOWN = { rows: 0, firstOpenTime: undefined, listedAt: undefined };

/** Logs the remaining API requests before the first one. */
export function logPlan(log: Logger, { plan }: BackfillStart): void {
  log.info("Backfill planned", {
    rows: plan.rows,
    requests: plan.requests,
    weight: plan.weight,
    minutes: round(plan.minutes),
    megabytes: round(plan.megabytes),
  });
}

/** Logs the remaining archive files, which cost no weight. */
export function logArchivePlan(log: Logger, orders: readonly ArchiveOrder[]): void {
  const files = orders.flatMap((order) => order.files.map((file) => ({ ...file, ...order })));
  const rows = files.reduce((sum, { range, interval, since }) => {
    return sum + countWhole({ from: Math.max(since, range.from), to: range.to }, interval);
  }, 0);
  log.info("Archive planned", { rows, files: files.length });
}

const EVERY_MS = 10 * SECOND_MS;

/** Counts a backfill's rows and logs the progress, at most every ten seconds. */
export function createProgressLog(
  log: Logger,
  start: BackfillStart,
  now: () => EpochMs,
): (added: number, usage: SourceUsage) => void {
  const { plan } = start;
  const total = start.rows + plan.rows;
  let rows = start.rows;
  let saidAt = now();
  return (added, { requests, weight }) => {
    rows += added;
    if (now() - saidAt < EVERY_MS) return;
    saidAt = now();
    const left = Math.max(0, total - rows);
    const share = plan.rows === 0 ? 0 : left / plan.rows;
    log.info(`Backfilling ${percent(rows, total)} %`, {
      rows,
      of: total,
      requests,
      weight,
      weightLeft: Math.ceil(plan.weight * share),
      minutesLeft: round(plan.minutes * share),
    });
  };
}

/** Rounded down, so that 100 % means complete. */
function percent(part: number, total: number): number {
  return total === 0 ? 100 : Math.min(100, Math.floor(100 * part / total));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
