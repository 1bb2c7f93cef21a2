import { type Interval, intervalMs } from "../core/interval.ts";
import type { KlineColumns } from "../core/kline.ts";
import { DAY_MS, type EpochMs } from "../core/time.ts";
import type { Gap, KlineReader, MarketCap, SeriesCoverage } from "../ports.ts";
import type { ChartAddress } from "../ui/href.ts";
import { type SymbolRow, toSymbolRows } from "../ui/symbol_row.ts";
import type { Services } from "./define.ts";
import { requireHeld } from "./held.ts";

/** Candles of a chart that names no range. */
const NEWEST = 300;
/** Candles that are read for one chart at most. */
const MAX_CANDLES = 5000;
/** Closes behind the small lines in the list of symbols: a day of them, within bounds. */
const SPARK_CLOSES = { min: 25, max: 97 } as const;

/** Everything that the charts page shows, as the store has it. */
export interface ChartsData {
  readonly address: ChartAddress;
  readonly rows: readonly SymbolRow[];
  /** Of the series shown; `undefined` before its first candle. */
  readonly coverage: SeriesCoverage | undefined;
  /** Held of the symbol shown, and configured ones; shortest first. */
  readonly intervals: readonly Interval[];
  readonly columns: KlineColumns;
  /** Whether the range has older candles than were read. */
  readonly isCut: boolean;
  readonly gaps: readonly Gap[];
  readonly caps: readonly MarketCap[];
  readonly serverTime: EpochMs;
  readonly failure: string | undefined;
}

/** @throws `not_found` for a series that is not kept, and what else `requireHeld` does */
export async function readCharts(services: Services, address: ChartAddress): Promise<ChartsData> {
  const { reader, gaps, marketCaps, exchange, settings } = services;
  const { symbol, interval } = address;
  const symbols = [...new Set([...settings.symbols, symbol])];
  await requireHeld(services, address);
  const [coverage, candles, gapList, quotes, caps] = await Promise.all([
    reader.coverage(),
    readCandles(reader, address),
    gaps.list({ symbol, interval }),
    reader.quotes(symbols, settings.intervals[0]!, sparkCloses(settings.intervals[0]!)),
    marketCaps.newest(settings.coins),
  ]);
  const own = coverage.filter((one) => one.symbol === symbol);
  const held = own.filter(({ rows }) => rows > 0).map((one) => one.interval);
  return {
    address,
    rows: toSymbolRows(symbols, coverage, quotes),
    coverage: own.find((one) => one.interval === interval && one.rows > 0),
    intervals: sorted([...settings.intervals, interval, ...held]),
    ...candles,
    gaps: gapList,
    caps,
    serverTime: exchange.serverTime(),
    failure: exchange.read().failure?.message,
  };
}

function sparkCloses(interval: Interval): number {
  const { min, max } = SPARK_CLOSES;
  return Math.min(Math.max(1 + DAY_MS / intervalMs(interval), min), max);
}

/** The newest candles of the range. */
async function readCandles(
  reader: KlineReader,
  { symbol, interval, from, to }: ChartAddress,
): Promise<Pick<ChartsData, "columns" | "isCut">> {
  const until = to === undefined ? {} : { to };
  const newest = { symbol, interval, ...until };
  if (from === undefined) {
    return { columns: await reader.columns({ ...newest, limit: NEWEST }), isCut: false };
  }
  const columns = await reader.columns({ ...newest, from, limit: MAX_CANDLES });
  if (columns.open_time.length < MAX_CANDLES) return { columns, isCut: false };
  return { columns: await reader.columns({ ...newest, limit: MAX_CANDLES }), isCut: true };
}

function sorted(intervals: readonly Interval[]): Interval[] {
  return [...new Set(intervals)].sort((a, b) => intervalMs(a) - intervalMs(b));
}
