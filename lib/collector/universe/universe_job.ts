import { AppError, describeError } from "../../core/errors.ts";
import { seriesName } from "../../core/kline.ts";
import { splitSymbol, type SymbolAssets } from "../../core/universe/split_symbol.ts";
import { REMOVED } from "../../core/symbol_status.ts";
import { type EpochMs, HOUR_MS, MINUTE_MS } from "../../core/time.ts";
import type { SymbolLife } from "../../core/universe/symbol_record.ts";
import type { MarketList, MarketSymbol } from "../../ports/kline_source.ts";
import type { DueSymbol, FoundLives, LifeStore } from "../../ports/universe.ts";
import { type Archive, findArchivedLives } from "./archived_lives.ts";
import type { CollectorDeps } from "../collect.ts";
import { forEachSeries } from "../each_series.ts";
import { findMaintenance } from "../maintenance.ts";
import { executeRun, type JobDeps } from "../run.ts";
import { findLives } from "./symbol_lives.ts";

export interface UniverseDeps extends JobDeps {
  readonly lives: LifeStore;
  /** `undefined`: symbols that the exchange no longer lists are not found. */
  readonly archive: Archive | undefined;
  /** The exchange's clock. */
  readonly serverTime: () => EpochMs;
  /** Symbols looked up in one run; default 200. */
  readonly limit?: number;
}

/** Looks up a portion of the symbols; see `createUniverseJob`. */
export type LookUpUniverse = (signal: AbortSignal) => Promise<number>;

/** About 1,600 weight: the other jobs share the minute. */
const LIMIT = 200;
/**
 * After this time new symbols are looked for, and those that had no candles are looked up again.
 */
const LIST_MS = HOUR_MS;

/**
 * Looks up when the exchange listed and delisted its symbols, collected or not, in portions: each
 * call continues where the last one ended, and does nothing once all are known. Resolves with the
 * number of symbols that were not known before.
 */
export function createUniverseJob(deps: UniverseDeps): LookUpUniverse {
  const { lives, serverTime, limit = LIMIT } = deps;
  let listedAt = -Infinity;
  /** Symbols whose last look-up failed: the others go first. */
  let failed: ReadonlySet<string> = new Set();
  const listDue = (count: number) => lives.listDue(count, serverTime() - LIST_MS);
  return async (signal) => {
    const age = serverTime() - listedAt;
    const isListed = age >= 0 && age < LIST_MS;
    if (isListed && (await listDue(1)).length === 0) return 0;
    let added = 0;
    await executeRun(inBackground(deps), "universe", async (step) => {
      if (!isListed) await listAll(deps, step, signal);
      listedAt = serverTime();
      const due = await listDue(limit + failed.size);
      const turn = due.toSorted((a, b) =>
        Number(failed.has(a.symbol)) - Number(failed.has(b.symbol))
      ).slice(0, limit);
      const failures = await lookUp(deps, step, turn, signal);
      const isFound = (one: DueSymbol) => one.lives.length === 0 && !failures.has(nameOf(one));
      added = turn.filter(isFound).length;
      failed = new Set(turn.filter((one) => failures.has(nameOf(one))).map(({ symbol }) => symbol));
      return failures;
    }, signal);
    return added;
  };
}

const toSeries = ({ symbol }: DueSymbol) => ({ symbol, interval: "1d" } as const);
const nameOf = (due: DueSymbol) => seriesName(toSeries(due));

function inBackground(deps: UniverseDeps): JobDeps {
  return { ...deps, openSource: () => deps.openSource({ isBackground: true }) };
}

/**
 * Saves every symbol of the exchange and of its archive. During a maintenance statuses mean
 * nothing.
 */
async function listAll(
  deps: UniverseDeps,
  step: CollectorDeps,
  signal: AbortSignal,
): Promise<void> {
  const { store, source } = step;
  const seenAt = await source.serverTime(signal);
  const list = await source.listSymbols(signal);
  if (await findMaintenance({ store, series: [], now: seenAt }, list) !== undefined) return;
  await store.saveSymbols(list.symbols, seenAt);
  if (!list.isWhole) return;
  const listed = new Set([...list.symbols.map(({ symbol }) => symbol), ...list.unreadable]);
  const known = new Set(await deps.lives.listNames());
  await store.markRemoved([...known].filter((symbol) => !listed.has(symbol)), seenAt);
  const archived = await listArchived(deps, signal);
  const added = archived.filter((symbol) => !listed.has(symbol) && !known.has(symbol));
  await store.saveSymbols(toRemoved(added, list), seenAt);
}

/** Without the archive its symbols are found another day. */
async function listArchived(
  { archive, log }: Pick<UniverseDeps, "archive" | "log">,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    return await archive?.index.listSymbols(signal) ?? [];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    log.warn(`Cannot list the symbols of the archive: ${describeError(error)}`);
    return [];
  }
}

function toRemoved(symbols: readonly string[], { symbols: listed }: MarketList): MarketSymbol[] {
  const known = {
    bases: new Set(listed.map(({ baseAsset }) => baseAsset)),
    quotes: new Set(listed.map(({ quoteAsset }) => quoteAsset)),
  };
  const unknown = (symbol: string): SymbolAssets => ({ baseAsset: symbol, quoteAsset: "" });
  return symbols.map((symbol) => ({
    symbol,
    ...splitSymbol(symbol, known) ?? unknown(symbol),
    status: REMOVED,
    tickSize: undefined,
    stepSize: undefined,
    filters: undefined,
  }));
}

async function lookUp(
  deps: UniverseDeps,
  step: CollectorDeps,
  due: readonly DueSymbol[],
  signal: AbortSignal,
): Promise<Map<string, unknown>> {
  const bySymbol = new Map(due.map((one) => [one.symbol, one]));
  const series = due.map(toSeries);
  return await forEachSeries(series, signal, async ({ symbol }) => {
    const one = bySymbol.get(symbol)!;
    const found = await findAny(deps, step, one, signal);
    const now = await step.source.serverTime(signal);
    const isLost = found.lives.length === 0 && one.lives.length > 0;
    await deps.lives.save(symbol, isLost ? { lives: endLives(one, now) } : found, now);
  });
}

/** Known lives of a symbol that neither source has any more: it was last traded before `now`. */
function endLives({ lives, status }: DueSymbol, now: EpochMs): SymbolLife[] {
  const delistedAt = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  return lives.map((life) =>
    status === "TRADING" || life.delistedAt !== undefined ? life : { ...life, delistedAt }
  );
}

/**
 * A symbol that the exchange has removed may still be answered by its API, or be in the archive
 * only.
 */
async function findAny(
  { archive }: Pick<UniverseDeps, "archive">,
  { source }: CollectorDeps,
  due: DueSymbol,
  signal: AbortSignal,
): Promise<FoundLives> {
  try {
    const lives = await findLives(source, due, signal);
    if (lives.length > 0 || due.status !== REMOVED) return { lives };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
  }
  return archive === undefined
    ? { lives: [] }
    : await findArchivedLives(archive, due.symbol, signal);
}
