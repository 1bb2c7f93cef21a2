import { archivedUntil, archiveFilesOf, isWorthwhile } from "../../core/archive_file.ts";
import { type Series, seriesName } from "../../core/kline.ts";
import { type EpochMs, FIRST_LISTING } from "../../core/time.ts";
import type { ArchiveSource } from "../../ports/archive_source.ts";
import type { Disk } from "../../ports/host.ts";
import type { SymbolLife } from "../../core/universe/symbol_record.ts";
import type { LifeStore } from "../../ports/universe.ts";
import { logArchivePlan, measureBackfill } from "./backfill_log.ts";
import { requireSpace } from "../disk_space.ts";
import { type ArchiveOrder, loadArchive } from "./archive_job.ts";
import { type RepairJobDeps, runBackfill } from "../jobs.ts";

export interface BackfillJobDeps extends RepairJobDeps {
  /** The exchange's archive of whole months and days, if used. */
  readonly archive?: ArchiveSource | undefined;
  readonly disk?: Disk | undefined;
  /** Lives of symbols that only the archive has. */
  readonly lives?: Pick<LifeStore, "listArchived"> | undefined;
}

/**
 * Collects the history of every series. First the API for the weeks that are not archived yet, then
 * archive files where they save many requests, then the API for candles that the archive lacks.
 */
export async function backfillAll(
  deps: BackfillJobDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<void> {
  const lives = await deps.lives?.listArchived() ?? new Map<string, SymbolLife[]>();
  const removed = await findRemoved(deps, [...lives.keys()]);
  const listed = series.filter(({ symbol }) => !removed.has(symbol));
  await backfillListed(deps, listed, signal);
  const orders = await orderRemoved(deps, series, lives);
  if (deps.archive === undefined || orders.length === 0) return;
  logArchivePlan(deps.log, orders);
  await loadArchive({ ...deps, archive: deps.archive }, orders, signal);
}

/** Finds the symbols that are not traded again; another asset may have got the name. */
async function findRemoved(
  { store }: Pick<BackfillJobDeps, "store">,
  symbols: readonly string[],
): Promise<ReadonlySet<string>> {
  const markets = symbols.length === 0 ? [] : await store.findMarkets(symbols);
  const traded = markets.filter(({ status }) => status === "TRADING");
  return new Set(symbols).difference(new Set(traded.map(({ symbol }) => symbol)));
}

/** The missing files of symbols that only the archive has, whatever their size. */
async function orderRemoved(
  { store, now, historySince }: BackfillJobDeps,
  series: readonly Series[],
  lives: ReadonlyMap<string, readonly SymbolLife[]>,
): Promise<ArchiveOrder[]> {
  const states = lives.size === 0 ? new Map() : await store.listStates();
  return series.flatMap((one): ArchiveOrder[] => {
    const { firstOpenTime = Infinity } = states.get(seriesName(one)) ?? {};
    const files = (lives.get(one.symbol) ?? []).flatMap(({ listedAt, delistedAt = now() }) => {
      const from = Math.max(historySince, listedAt);
      const to = Math.min(delistedAt, firstOpenTime);
      return from < to ? archiveFilesOf(one, { from, to }, now()) : [];
    });
    const newestFirst = files.toSorted((a, b) => b.range.from - a.range.from);
    return files.length === 0 ? [] : [{ series: one, files: newestFirst, since: historySince }];
  });
}

async function backfillListed(
  deps: BackfillJobDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<void> {
  const { archive, historySince } = deps;
  await requireSpaceFor(deps, series);
  const bulk = archive === undefined
    ? []
    : (await findOrders(deps, series)).map(({ series }) => series);
  if (archive === undefined || bulk.length === 0) {
    await runBackfill(deps, series, signal);
    return;
  }
  const names = new Set(bulk.map(seriesName));
  const others = series.filter((one) => !names.has(seriesName(one)));
  if (others.length > 0) await runBackfill(deps, others, signal);
  const recent = Math.max(historySince, archivedUntil(deps.now()));
  await runBackfill({ ...deps, historySince: recent }, bulk, signal);
  const orders = await findOrders(deps, bulk); // the listing date is known now
  logArchivePlan(deps.log, orders);
  await loadArchive({ ...deps, archive }, orders, signal);
  await runBackfill(deps, bulk, signal);
}

/** @throws `store_unavailable` when the remaining candles do not fit on the disk */
async function requireSpaceFor(deps: BackfillJobDeps, series: readonly Series[]): Promise<void> {
  if (deps.disk === undefined) return;
  const weightLimit = deps.weightLimit();
  const range = { since: deps.historySince, now: deps.now(), weightLimit };
  const { plan } = await measureBackfill(deps, series, range);
  await requireSpace(deps.disk, plan.megabytes);
}

/** Series with remaining history in worthwhile archive files. */
async function findOrders(
  { store, now, historySince }: BackfillJobDeps,
  series: readonly Series[],
): Promise<ArchiveOrder[]> {
  const orders: ArchiveOrder[] = [];
  const states = await store.listStates();
  for (const one of series) {
    const state = states.get(seriesName(one));
    if (state?.firstOpenTime === undefined) continue;
    const since: EpochMs = Math.max(historySince, state.listedAt ?? FIRST_LISTING);
    const range = { from: since, to: state.firstOpenTime };
    const files = archiveFilesOf(one, range, now()).filter(isWorthwhile);
    if (files.length > 0) orders.push({ series: one, files, since });
  }
  return orders;
}
