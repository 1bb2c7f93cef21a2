import type { Decimal } from "../core/decimal.ts";
import type { CandleSource, ImportedCandle } from "../core/imported_candle.ts";
import { endOf, type Interval } from "../core/interval.ts";
import type { Kline } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import { type CandleColumns, cellAt, type FileColumn } from "./candle_columns.ts";
import {
  ACCEPTED_TIMES,
  hasThousands,
  isAbsent,
  isRoundedTime,
  readCount,
  readDecimal,
  readTime,
  type TimeUnit,
  timeUnitOf,
} from "./cell_values.ts";
import type { TableRow } from "../ports/candle_table.ts";

/** A candle of a row: complete and exact, or weaker. */
export interface FileRecord {
  readonly line: number;
  readonly candle: ImportedCandle;
  /** The same as a candle of the exchange; `undefined` when columns or digits are missing. */
  readonly kline: Kline | undefined;
  /** Unit of its open time, when that is a number. */
  readonly unit: TimeUnit | undefined;
  /** Series columns of the row, as written. */
  readonly symbol: string | undefined;
  readonly interval: string | undefined;
}

/**
 * The exchange sends volumes with eight decimals, as text. Source: binance-spot-api-docs,
 * rest-api.md.
 */
const EXACT_VOLUME = /^\d+\.\d{8}$/;

type Get = (column: FileColumn) => string | undefined;

/** Reads the candle of a row, or returns the reason why it has none. */
export function readRecord(
  { line, cells }: TableRow,
  columns: CandleColumns,
  interval: Interval,
): FileRecord | string {
  if (cells === undefined) return "it is not a row of this table";
  if (cells.length !== columns.width) {
    return `it has ${cells.length} columns instead of ${columns.width}`;
  }
  const get: Get = (column) => {
    const place = columns.places.get(column);
    const cell = place === undefined ? undefined : cellAt(cells, column, columns);
    return cell === undefined || isAbsent(cell) ? undefined : cell;
  };
  const candle = readCandle(get, columns);
  if (typeof candle === "string") return candle;
  // As wick's own exports mark candles that came from another file.
  const isImported = get("source") === ("imported" satisfies CandleSource);
  const kline = isImported ? undefined : toExact(candle, interval);
  const unit = timeUnitOf(get("open_time")!);
  return { line, candle, kline, unit, symbol: get("symbol"), interval: get("interval") };
}

class Misread extends Error {}

function readCandle(get: Get, { places }: CandleColumns): ImportedCandle | string {
  const time = (column: FileColumn) => read(get, places, column, readTime, "a time");
  const number = (column: FileColumn) => read(get, places, column, readDecimal, "a number");
  try {
    const openTime = required(time("open_time"), "open time");
    const openPrice = required(number("open_price"), "open price");
    const highPrice = required(number("high_price"), "high price");
    const lowPrice = required(number("low_price"), "low price");
    const closePrice = required(number("close_price"), "close price");
    const volume = number("volume");
    return {
      openTime,
      openPrice,
      highPrice,
      lowPrice,
      closePrice,
      volume,
      closeTime: time("close_time"),
      quoteAssetVolume: number("quote_asset_volume"),
      numberOfTrades: read(get, places, "number_of_trades", readCount, "a whole number"),
      takerBuyBaseAssetVolume: number("taker_buy_base_asset_volume"),
      takerBuyQuoteAssetVolume: number("taker_buy_quote_asset_volume"),
      isFloat: volume === undefined || !EXACT_VOLUME.test(volume),
    };
  } catch (error) {
    if (error instanceof Misread) return error.message;
    throw error;
  }
}

function read<T>(
  get: Get,
  places: CandleColumns["places"],
  column: FileColumn,
  parse: (cell: string) => T | undefined,
  wanted: string,
): T | undefined {
  const cell = get(column);
  if (cell === undefined) return undefined;
  const value = parse(cell);
  if (value !== undefined) return value;
  const shown = JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
  const way = wayOut(cell, wanted);
  throw new Misread(`column ${places.get(column)! + 1} is ${shown}, which is not ${wanted}${way}`);
}

/** Advice for a cell that cannot be read. */
function wayOut(cell: string, wanted: string): string {
  if (wanted === "a time") {
    return isRoundedTime(cell)
      ? ": a spreadsheet has rounded it; export the file again, or format the column as a number"
      : `; ${ACCEPTED_TIMES}`;
  }
  return hasThousands(cell) ? "; accepted are numbers without separators between thousands" : "";
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Misread(`it has no ${name}`);
  return value;
}

function toExact(candle: ImportedCandle, interval: Interval): Kline | undefined {
  const { volume, closeTime, quoteAssetVolume, numberOfTrades, isFloat } = candle;
  const { takerBuyBaseAssetVolume, takerBuyQuoteAssetVolume } = candle;
  const volumes = [volume, quoteAssetVolume, takerBuyBaseAssetVolume, takerBuyQuoteAssetVolume];
  if (isFloat || closeTime === undefined || numberOfTrades === undefined) return undefined;
  if (!volumes.every((one): one is Decimal => one !== undefined && EXACT_VOLUME.test(one))) {
    return undefined;
  }
  return {
    openTime: candle.openTime,
    openPrice: candle.openPrice,
    highPrice: candle.highPrice,
    lowPrice: candle.lowPrice,
    closePrice: candle.closePrice,
    volume: volumes[0]!,
    closeTime: withMs(closeTime, endOf(candle.openTime, interval) - 1),
    quoteAssetVolume: volumes[1]!,
    numberOfTrades,
    takerBuyBaseAssetVolume: volumes[2]!,
    takerBuyQuoteAssetVolume: volumes[3]!,
  };
}

/** A close time written in whole seconds means the last ms of its second. */
function withMs(closeTime: EpochMs, regular: EpochMs): EpochMs {
  return regular - closeTime === 999 ? regular : closeTime;
}
