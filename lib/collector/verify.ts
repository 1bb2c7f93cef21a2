import { endOf } from "../core/interval.ts";
import { isClosed, type Kline, type KlineColumn, type Series, seriesName } from "../core/kline.ts";
import { type EpochMs, type TimeRange, toIso } from "../core/time.ts";
import type { Gap, GapLedger } from "../ports/gap_ledger.ts";
import type { KlineSource } from "../ports/kline_source.ts";
import type { KlineStore } from "../ports/kline_store.ts";
import { forEachSeries } from "./each_series.ts";

export interface VerifyDeps {
  /** Candles that open before this time are no longer maintained, and not compared; 0: all are. */
  readonly historySince: EpochMs;
  readonly source: KlineSource;
  readonly store: Pick<KlineStore, "getState" | "read">;
  readonly gaps: Pick<GapLedger, "list">;
  /** Called with the number of candles compared since the last call. */
  readonly onPage?: (rows: number) => void;
}

/** A stored value that differs from the exchange's; times in ISO. */
export interface Difference {
  readonly openTime: EpochMs;
  readonly column: KlineColumn;
  readonly stored: string;
  readonly exchange: string;
}

/** The result of comparing a series with the exchange. Times ascend. */
export interface Verification extends Series {
  /** Candles that both sides have. */
  readonly compared: number;
  readonly differences: readonly Difference[];
  /** Open times that the exchange has and we do not. */
  readonly missing: readonly EpochMs[];
  /** Open times that we have and the exchange does not. */
  readonly surplus: readonly EpochMs[];
  readonly gaps: readonly Gap[];
}

/** True if there is nothing to do: equal, and no pending gap. */
export function isSound({ differences, missing, surplus, gaps }: Verification): boolean {
  return differences.length + missing.length + surplus.length === 0 &&
    gaps.every((gap) => gap.class !== "pending");
}

/** Verifies several series in order; `failures` are those that could not be verified, by name. */
export async function verifyAll(
  deps: VerifyDeps,
  series: readonly Series[],
  range: TimeRange,
  signal: AbortSignal,
): Promise<{ found: readonly Verification[]; failures: ReadonlyMap<string, unknown> }> {
  const byName = new Map<string, Verification>();
  const failures = await forEachSeries(series, signal, async ({ symbol, interval }) => {
    const one = await verifySeries(deps, { symbol, interval }, range, signal);
    byName.set(seriesName(one), one);
  });
  return { found: series.flatMap((one) => byName.get(seriesName(one)) ?? []), failures };
}

/**
 * Fetches all stored candles of a series again, or those in `range`, and compares digit by digit.
 * Writes nothing.
 */
export async function verifySeries(
  deps: VerifyDeps,
  series: Series,
  range: TimeRange,
  signal: AbortSignal,
): Promise<Verification> {
  const { firstOpenTime, lastOpenTime } = await deps.store.getState(series);
  const from = Math.max(range.from, deps.historySince);
  const all = (await deps.gaps.list({ symbol: series.symbol, interval: series.interval }))
    .filter((gap) => gap.to > from && gap.from < range.to);
  const found = { compared: 0, differences: [], missing: [], surplus: [] };
  const result: Mutable<Verification> = { ...series, ...found, gaps: all };
  if (firstOpenTime === undefined || lastOpenTime === undefined) return result;
  const held = {
    from: Math.max(from, firstOpenTime),
    to: Math.min(range.to, lastOpenTime + 1),
  };
  for await (const page of comparablePages(deps, series, held, signal)) {
    const stored = await deps.store.read(series, page.range);
    compare(stored, page.klines, result);
    deps.onPage?.(page.klines.length);
  }
  return result;
}

type Mutable<T> = {
  -readonly [Key in keyof T]: T[Key] extends readonly (infer I)[] ? I[] : T[Key];
};

/**
 * The exchange's closed candles, and the range that they cover completely. An empty response counts
 * only if a second request returns the same.
 */
async function* comparablePages(
  { source }: VerifyDeps,
  series: Series,
  { from: start, to }: TimeRange,
  signal: AbortSignal,
): AsyncGenerator<{ range: TimeRange; klines: readonly Kline[] }> {
  let from = start;
  let isDoubtful = true;
  while (from < to) {
    const { klines, serverTime } = await source.page(series, { from, to }, signal);
    const last = klines.at(-1)?.openTime;
    if (last === undefined && isDoubtful) {
      isDoubtful = false;
      continue;
    }
    isDoubtful = true;
    const isEnd = last === undefined || last + 1 >= to;
    const range = { from, to: isEnd ? to : last + 1 };
    yield { range, klines: klines.filter((kline) => isClosed(kline, series.interval, serverTime)) };
    from = range.to;
  }
}

function compare(
  stored: readonly Kline[],
  served: readonly Kline[],
  result: Mutable<Verification>,
): void {
  const ours = new Map(stored.map((kline) => [kline.openTime, kline]));
  for (const kline of served) {
    const own = ours.get(kline.openTime);
    ours.delete(kline.openTime);
    if (own === undefined) result.missing.push(kline.openTime);
    else {
      result.compared++;
      result.differences.push(...differencesOf(own, kline));
    }
  }
  result.surplus.push(...ours.keys());
}

function differencesOf(stored: Kline, exchange: Kline): Difference[] {
  return VALUES.map(([column, pick]) => ({
    openTime: stored.openTime,
    column,
    stored: pick(stored),
    exchange: pick(exchange),
  })).filter((value) => value.stored !== value.exchange);
}

const VALUES: readonly (readonly [KlineColumn, (kline: Kline) => string])[] = [
  ["open_price", (k) => k.openPrice],
  ["high_price", (k) => k.highPrice],
  ["low_price", (k) => k.lowPrice],
  ["close_price", (k) => k.closePrice],
  ["volume", (k) => k.volume],
  ["close_time", (k) => toIso(k.closeTime)],
  ["quote_asset_volume", (k) => k.quoteAssetVolume],
  ["number_of_trades", (k) => String(k.numberOfTrades)],
  ["taker_buy_base_asset_volume", (k) => k.takerBuyBaseAssetVolume],
  ["taker_buy_quote_asset_volume", (k) => k.takerBuyQuoteAssetVolume],
];

/** Joins consecutive open times to ranges, for display. */
export function toStretches(opens: readonly EpochMs[], { interval }: Series) {
  const stretches: { from: EpochMs; to: EpochMs; candles: number }[] = [];
  for (const open of opens) {
    const last = stretches.at(-1);
    if (last?.to === open) {
      last.to = endOf(open, interval);
      last.candles++;
    } else stretches.push({ from: open, to: endOf(open, interval), candles: 1 });
  }
  return stretches;
}
