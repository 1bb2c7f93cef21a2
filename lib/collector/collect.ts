import { endOf, isOnGrid, openTimeOf } from "../core/interval.ts";
import { isClosed, type Kline, type Series, seriesName } from "../core/kline.ts";
import { PAGE_ROWS } from "../core/request_weight.ts";
import { DAY_MS, type EpochMs, type TimeRange, toIso } from "../core/time.ts";
import type { Logger } from "../ports/host.ts";
import type { KlinePage, KlineSource } from "../ports/kline_source.ts";
import type { KlineStore, WriteCount } from "../ports/kline_store.ts";
import type { MarketShare } from "./maintenance.ts";
import { requireContinuity } from "./continuity.ts";
import { readAhead } from "./read_ahead.ts";

/** Dependencies of every collector step. */
export interface CollectorDeps {
  readonly store: KlineStore;
  readonly source: KlineSource;
  readonly log: Logger;
  /** The run that the rows are written for. */
  readonly runId: number;
  /** Candles that open before this time are not stored; 0: all are. */
  readonly historySince: EpochMs;
  /** Called with whether the exchange is under maintenance; see `findMaintenance`. */
  readonly onMaintenance?: (evidence: MarketShare | undefined) => Promise<void>;
  /** Batches that a series may read ahead; default `MAX_BATCH`. */
  readonly ahead?: number;
  /** Called after each transaction. */
  readonly onPage?: (series: Series, page: PageCount) => void;
  /** Called with the number of series that have their last closed candle and are not requested. */
  readonly onCurrent?: (series: number) => void;
}

/** One stored batch, or several stored together. */
export interface PageCount extends WriteCount {
  readonly fetched: number;
  /** Open time of the batch's last closed candle; `undefined` if it had none. */
  readonly reached: EpochMs | undefined;
}

/** Candles fetched for an empty series, so that its chart has data immediately. */
export const FIRST_CANDLES = PAGE_ROWS;

/**
 * Brings a series up to the last candle that is closed by the exchange's clock. Starts at the
 * newest stored one and reads it again, so that a repeat changes nothing.
 */
export async function collectForward(
  deps: CollectorDeps,
  series: Series,
  signal: AbortSignal,
): Promise<void> {
  const { lastOpenTime } = await deps.store.getState(series);
  if (lastOpenTime === undefined) return await collectNewest(deps, series, signal);
  const from = Math.max(lastOpenTime, deps.historySince);
  await collectFrom(deps, series, { from, to: Infinity }, signal);
}

/** A symbol that has stopped trading for longer gets no further candle. */
const STOPPED_MS = DAY_MS;

/** Series without candles, and those whose last closed candle is not stored yet. */
export async function findOverdue(
  { store, source, onCurrent }: CollectorDeps,
  series: readonly Series[],
  isTrading: (series: Series) => boolean,
  signal: AbortSignal,
): Promise<readonly Series[]> {
  const states = await store.listStates();
  const now = await source.serverTime(signal);
  const overdue = series.filter((one) => {
    const { interval } = one;
    const last = states.get(seriesName(one))?.lastOpenTime;
    if (last === undefined) return true;
    if (!isTrading(one) && endOf(last, interval) + STOPPED_MS < now) return false;
    const open = openTimeOf(now, interval, last);
    return last < openTimeOf(open - 1, interval, last);
  });
  onCurrent?.(series.length - overdue.length);
  return overdue;
}

/**
 * Fetches the newest `limit` closed candles. An empty batch is requested a second time before it
 * counts.
 */
export async function collectNewest(
  deps: CollectorDeps,
  series: Series,
  signal: AbortSignal,
  limit = FIRST_CANDLES,
): Promise<void> {
  const serverTime = await deps.source.serverTime(signal);
  const to = openTimeOf(serverTime, series.interval); // the candle that opens there is still open
  const ask = () => deps.source.page(series, { to, limit }, signal);
  let page = await ask();
  if (page.klines.length === 0) page = await ask();
  await storePages(deps, series, [page], signal);
}

/**
 * Collects the closed candles that open in `[from, to)` and not before `historySince`, oldest
 * first.
 */
export async function collectFrom(
  deps: CollectorDeps,
  series: Series,
  range: TimeRange,
  signal: AbortSignal,
): Promise<void> {
  const wanted = { from: Math.max(range.from, deps.historySince), to: range.to };
  if (wanted.from >= wanted.to) return;
  for await (const pages of readAhead(pagesFrom(deps, series, wanted, signal), aheadOf(deps))) {
    await storePages(deps, series, pages, signal);
  }
}

/** Batches stored in one transaction, when they arrive faster than they can be stored. */
const MAX_BATCH = 5;

export const aheadOf = ({ ahead = MAX_BATCH }: CollectorDeps) => Math.min(MAX_BATCH, ahead);

/**
 * The exchange's batches of a range, ascending. A short batch is not taken for the end, and an
 * empty one only if a second request returns the same.
 */
async function* pagesFrom(
  { source }: CollectorDeps,
  series: Series,
  range: TimeRange,
  signal: AbortSignal,
): AsyncGenerator<KlinePage> {
  const end = range.to === Infinity ? {} : { to: range.to };
  let from = range.from;
  let isDoubtful = true;
  while (true) {
    const page = await source.page(series, { from, ...end }, signal);
    const last = page.klines.at(-1)?.openTime;
    if (last === undefined && !isDoubtful) return;
    isDoubtful = last !== undefined;
    if (last === undefined) continue;
    yield page;
    if (isLastClosed(last, series, page.serverTime) || isLastBefore(range.to, last, series)) return;
    from = last + 1;
  }
}

/** True if every candle after the one that opens at `open` is still open. */
function isLastClosed(open: EpochMs, { interval }: Series, serverTime: EpochMs): boolean {
  return endOf(endOf(open, interval), interval) > serverTime;
}

/**
 * True if no candle can open between the one at `open` and `to`; off the grid, candles may overlap.
 */
function isLastBefore(to: EpochMs, open: EpochMs, { interval }: Series): boolean {
  return open + 1 >= to || (isOnGrid(open, interval) && endOf(open, interval) >= to);
}

/**
 * Stores the closed candles of batches served by the exchange, ascending, if they can follow the
 * stored ones; see `requireContinuity`.
 */
export async function storePages(
  deps: CollectorDeps,
  series: Series,
  pages: readonly KlinePage[],
  signal: AbortSignal,
): Promise<void> {
  await requireContinuity(deps, series, pages.flatMap(({ klines }) => klines), signal);
  await storeClosed(deps, series, pages);
}

/**
 * Stores the closed candles of batches in one transaction. Every job stores through this function,
 * so candles before `historySince` are dropped here.
 */
export async function storeClosed(
  { store, runId, historySince, onPage, log }: CollectorDeps,
  series: Series,
  pages: readonly KlinePage[],
): Promise<WriteCount> {
  const closed = pages.flatMap(({ klines, serverTime }) =>
    klines.filter((kline) =>
      kline.openTime >= historySince && isClosed(kline, series.interval, serverTime)
    )
  );
  const count = await store.write(series, closed, runId);
  if (count.new > 0) reportOffGrid(log, series, closed);
  onPage?.(series, { ...count, fetched: closed.length, reached: closed.at(-1)?.openTime });
  return count;
}

/** After outages candles open at odd times; they are stored unchanged and logged. */
function reportOffGrid(log: Logger, series: Series, klines: readonly Kline[]): void {
  const anchor = klines[0]?.openTime;
  const odd = klines.filter(({ openTime }) => !isOnGrid(openTime, series.interval, anchor));
  if (odd.length === 0) return;
  log.warn(`${seriesName(series)}: ${odd.length} candles open off the grid; stored unchanged`, {
    first: toIso(odd[0]!.openTime),
    last: toIso(odd.at(-1)!.openTime),
  });
}
