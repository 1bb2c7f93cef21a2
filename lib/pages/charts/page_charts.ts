import type { Candle } from "../../chart/model/candle.ts";
import type { HeldInterval } from "../../chart/model/fitting_interval.ts";
import type { ChartGap } from "../../chart/model/chart_gap.ts";
import { remainingRows } from "../../core/remaining_history.ts";
import { endOf, type Interval, intervalMs } from "../../core/interval.ts";
import type { EpochMs } from "../../core/time.ts";
import type { OutlinePoint, RangeProof, StoredSeries } from "../../ports/chart_reader.ts";
import type { Gap } from "../../ports/gap_ledger.ts";
import type { SeriesExtent } from "../../ports/kline_reader.ts";
import type { RollupProof } from "../../ports/rollup_ledger.ts";
import type { ChartAddress } from "../../core/chart_address.ts";
import {
  type DirectoryEntry,
  readDirectory,
  type SymbolDirectory,
} from "./symbols/symbol_directory.ts";
import type { SymbolRow } from "./symbols/symbol_row.ts";
import { findSymbols, readSymbolRows } from "./symbols/symbol_search.ts";
import { type ChartCandles, readChartCandles, shownInterval } from "./chart_candles.ts";
import type { Services } from "../../http/define.ts";
import { requireRows } from "../../http/held.ts";
import { sharedRead } from "../../http/shared_read.ts";

/** Symbols in the list of a page; browsers load more as it is scrolled. */
const LISTED = 10;
/** Closes in the picture of the full history. */
const OUTLINE_POINTS = 160;

/** All data of the charts page, as stored. */
export interface ChartsData extends ChartCandles {
  readonly address: ChartAddress;
  /** Displayed interval: the requested one, or a longer one. */
  readonly interval: Interval;
  /** The first symbols, favourites before the others, with the one shown. */
  readonly rows: readonly SymbolRow[];
  /** The last of them in the order of all symbols. */
  readonly lastListed: string | undefined;
  /** As the reader has marked them, also those that are not collected. */
  readonly favourites: readonly string[];
  /** Number of all symbols. */
  readonly symbolCount: number;
  /** Stored range of the series; `undefined` before its first candle. */
  readonly coverage: SeriesExtent | undefined;
  /** Open times of the first and the last candle that can be shown, with imported ones if asked. */
  readonly extent: OpenTimes | undefined;
  /** Imported candles of the series, where none of the exchange is stored. */
  readonly importedRows: number;
  /** Candles of its history still to come; `undefined` while unknown. */
  readonly remaining: number | undefined;
  /** Stored and configured intervals of the symbol; shortest first. */
  readonly intervals: readonly Interval[];
  /** The symbol's series that have candles. */
  readonly held: readonly HeldInterval[];
  readonly gaps: readonly Gap[];
  readonly proof: RangeProof | undefined;
  /** Comparison with a shorter interval; `undefined` if there is none yet. */
  readonly rollup: RollupProof | undefined;
  readonly outline: readonly OutlinePoint[];
  readonly pie: SymbolDirectory["pie"];
  readonly serverTime: EpochMs;
  readonly failure: string | undefined;
}

/** Open times of the first and the last of some candles. */
export interface OpenTimes {
  readonly first: EpochMs;
  readonly last: EpochMs;
}

/** Gaps of the series for the chart. */
export function gapsOf({ gaps }: Pick<ChartsData, "gaps">): ChartGap[] {
  return gaps.map(({ from, to, missing, class: reason }) => ({
    from,
    to,
    missing,
    class: reason,
  }));
}

/** @throws `not_found` for a series that is not collected, and the errors of `requireRows` */
export async function readCharts(
  services: Services,
  address: ChartAddress,
  favourites: readonly string[] = [],
): Promise<ChartsData> {
  const { charts, exchange, settings } = services;
  const { symbol, imported } = address;
  const serverTime = exchange.serverTime();
  const own = await sharedRead(services, `series ${symbol}`, () => charts.series(symbol));
  const wanted = own.find((one) => one.interval === address.interval);
  if (imported === undefined || !wanted?.importedRows) await requireRows(services, address, wanted);
  const directory = await readDirectory(services);
  const shown = own.flatMap((one) => {
    const extent = extentOf(one, imported);
    return extent === undefined ? [] : [{ ...one, extent }];
  });
  const held = shown.map(({ interval, extent }) => ({ interval, firstOpenTime: extent.first }));
  const interval = shownInterval(address, held, serverTime);
  const series = shown.find((one) => one.interval === interval);
  const coverage = series && series.rows > 0 ? series : undefined;
  const mark = series ?? NOTHING;
  const listed = findSymbols(directory, { first: favourites, limit: LISTED }).symbols;
  const [candles, gaps, rows, outline, rollup] = await Promise.all([
    readChartCandles((query) => charts.candles(query, mark), { ...address, interval }),
    sharedRead(services, `gaps ${symbol} ${interval}`, () => listGaps(services, symbol, interval)),
    readSymbolRows(services, withShown(listed, favourites, entryOf(directory, own[0], symbol))),
    readOutline(services, coverage),
    sharedRead(services, `rollup ${symbol} ${interval}`, async () => ({
      proof: await services.rollups.find({ symbol, interval }),
    })),
  ]);
  return {
    address,
    interval,
    coverage,
    extent: series?.extent,
    importedRows: series?.importedRows ?? wanted?.importedRows ?? 0,
    held,
    gaps,
    rows,
    lastListed: listed.at(-1)?.symbol,
    favourites,
    symbolCount: directory.entries.length,
    pie: directory.pie,
    outline,
    serverTime,
    ...candles,
    rollup: rollup.proof,
    proof: await readProof(services, { symbol, interval, ...mark }, candles.candles),
    remaining: coverage && remainingRows(
      { ...coverage, pending: countPending(gaps) },
      settings.historySince,
      serverTime,
    ),
    intervals: sorted([...settings.intervals, address.interval, ...held.map((h) => h.interval)]),
    failure: exchange.read().failure?.message,
  };
}

/** Without `imported`, of the exchange's candles alone. */
function extentOf(
  { rows, firstOpenTime, lastOpenTime, importedRows, firstImported, lastImported }: StoredSeries,
  imported: ChartAddress["imported"],
): OpenTimes | undefined {
  const times = [
    ...rows > 0 ? [firstOpenTime, lastOpenTime] : [],
    ...imported !== undefined && importedRows > 0 ? [firstImported, lastImported] : [],
  ].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : { first: Math.min(...times), last: Math.max(...times) };
}

function entryOf(
  { bySymbol }: SymbolDirectory,
  stored: StoredSeries | undefined,
  symbol: string,
): DirectoryEntry {
  return bySymbol.get(symbol) ?? {
    symbol,
    base: stored?.baseAsset ?? symbol,
    quote: stored?.quoteAsset ?? "",
    name: "",
    tickSize: stored?.tickSize,
  };
}

/** The listed entries with the shown one, which follows the favourites unless it is listed. */
function withShown(
  listed: readonly DirectoryEntry[],
  favourites: readonly string[],
  shown: DirectoryEntry,
): DirectoryEntry[] {
  if (listed.some(({ symbol }) => symbol === shown.symbol)) return [...listed];
  const place = listed.filter(({ symbol }) => favourites.includes(symbol)).length;
  return listed.toSpliced(place, 0, shown);
}

/** State of a series without candles. */
const NOTHING = { lineage: 0, version: 0, importedVersion: 0 };

function listGaps({ gaps }: Services, symbol: string, interval: Interval): Promise<Gap[]> {
  return gaps.list({ symbol, interval });
}

async function readOutline({ charts }: Services, own: StoredSeries | undefined) {
  if (own?.firstOpenTime === undefined || own.lastOpenTime === undefined) return [];
  const to = endOf(own.lastOpenTime, own.interval);
  return await charts.outline({ ...own, from: own.firstOpenTime, to }, OUTLINE_POINTS);
}

/** Checksum of the file of the displayed candles. */
async function readProof(
  { charts }: Services,
  { symbol, interval, version }: { symbol: string; interval: Interval; version: number },
  candles: readonly Candle[],
): Promise<RangeProof | undefined> {
  const [first, last] = [candles[0], candles.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const to = endOf(last.openTime, interval);
  return await charts.proof({ symbol, interval, from: first.openTime, to }, version);
}

function countPending(gaps: readonly Gap[]): number {
  return gaps.filter((gap) => gap.class === "pending").reduce((sum, gap) => sum + gap.missing, 0);
}

function sorted(intervals: readonly Interval[]): Interval[] {
  return [...new Set(intervals)].sort((a, b) => intervalMs(a) - intervalMs(b));
}
