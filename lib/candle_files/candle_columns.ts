import { AppError } from "../core/errors.ts";
import { KLINE_COLUMNS, type KlineColumn } from "../core/kline.ts";
import { isQuote } from "./file_names.ts";

/** Content of a column. */
export type FileColumn = KlineColumn | "symbol" | "interval" | "source";

/**
 * Names of columns in the field, lower case with `_` between words. Sources: headers of Binance's
 * archive, python-binance's scripts, freqtrade, jesse, CryptoDataDownload, TradingView, yfinance
 * and Gekko. Of several columns of one kind, the earlier name counts.
 */
const NAMES: readonly (readonly [FileColumn, readonly string[]])[] = [
  [
    "open_time",
    [
      "open_time",
      "open_timestamp",
      "opentime",
      "unix",
      "unix_timestamp",
      "timestamp",
      "ts",
      "start",
      "t",
      "time",
      "datetime",
      "date_time",
      "open_date",
      "date",
    ],
  ],
  ["open_price", ["open_price", "open", "o"]],
  ["high_price", ["high_price", "high", "h"]],
  ["low_price", ["low_price", "low", "l"]],
  ["close_price", ["close_price", "close", "c"]],
  ["volume", ["volume", "vol", "v", "base_volume", "base_asset_volume"]],
  ["close_time", ["close_time", "close_timestamp", "closetime", "close_date"]],
  [
    "quote_asset_volume",
    [
      "quote_asset_volume",
      "quote_volume",
      "quote_av",
      "quote_vol",
      "quotevolume",
      "qav",
      "volume_quote",
      "quote_asset_vol",
    ],
  ],
  [
    "number_of_trades",
    ["number_of_trades", "trades", "count", "tradecount", "trade_count", "num_trades", "n_trades"],
  ],
  [
    "taker_buy_base_asset_volume",
    [
      "taker_buy_base_asset_volume",
      "taker_buy_volume",
      "taker_buy_base_volume",
      "taker_buy_base_vol",
      "taker_buy_base",
      "taker_base_vol",
      "taker_base_volume",
      "tb_base_av",
      "tbbav",
    ],
  ],
  [
    "taker_buy_quote_asset_volume",
    [
      "taker_buy_quote_asset_volume",
      "taker_buy_quote_volume",
      "taker_buy_quote_vol",
      "taker_buy_quote",
      "taker_quote_vol",
      "taker_quote_volume",
      "tb_quote_av",
      "tbqav",
    ],
  ],
  ["symbol", ["symbol", "ticker", "tic", "pair", "market"]],
  ["interval", ["interval", "timeframe", "resolution"]],
  ["source", ["source"]],
];

/** Positions of the columns that a file has. */
export interface CandleColumns {
  readonly places: ReadonlyMap<FileColumn, number>;
  /** Cells of each row. */
  readonly width: number;
  readonly hasHeader: boolean;
  /** Names of columns that are not read. */
  readonly skipped: readonly string[];
  /** The volume is in the quote asset, as charting sites have it. */
  readonly isQuoteVolume: boolean;
  /** Column of the time of day, if the open time has only the date. */
  readonly clock?: number | undefined;
}

/** The trimmed cell of a column that the file has. */
export function cellAt(
  cells: readonly string[],
  column: FileColumn,
  { places, clock }: Pick<CandleColumns, "places" | "clock">,
): string {
  const cell = cells[places.get(column)!]!.trim();
  return column === "open_time" && clock !== undefined ? `${cell} ${cells[clock]!.trim()}` : cell;
}

const PRICES = ["open_time", "open_price", "high_price", "low_price", "close_price"] as const;

/** `Quote Asset Volume` and `quoteAssetVolume` as `quote_asset_volume`. */
const normalise = (name: string) =>
  name.trim().replaceAll(/([a-z])([A-Z])/g, "$1_$2").toLowerCase().replaceAll(
    /[^\p{L}\p{N}]+/gu,
    "_",
  )
    .replaceAll(/^_|_$/g, "");

/** True for a first row that holds values, so that the file has no column names. */
export function isValueRow(cells: readonly string[]): boolean {
  return cells.length >= 5 &&
    cells.slice(0, 5).every((cell) => /^[\d.:+T Z-]+(e[+-]?\d+)?$/i.test(cell));
}

/**
 * Finds the columns of a candle by their names. Above its times yfinance writes `Price`, with lines
 * for the ticker and for the name of the times below; pandas writes nothing above those of an index
 * without a name. `first` is the row below the header.
 *
 * @throws `bad_payload` without a time and four prices, and for options
 */
export function namedColumns(
  header: readonly string[],
  path: string,
  first: readonly string[] = [],
): CandleColumns {
  const names = header.map(normalise);
  const isPanel = names[0] === "price" && names[1] === "close";
  if (isPanel) names[0] = "date";
  if (names.includes("derived_from")) throw derivedCandles(path, "shorter ones");
  const isYahoo = isPanel || YAHOO.some((name) => names.includes(name));
  const places = new Map<FileColumn, number>();
  for (const [column, known] of NAMES) {
    const name = known.find((one) => names.includes(one));
    if (name !== undefined) places.set(column, names.indexOf(name));
  }
  addNamedVolumes(names, places);
  if (names.includes("strike")) throw optionColumns(path);
  if (!places.has("open_time") && /^(|unnamed_0|index)$/.test(names[0]!)) {
    places.set("open_time", 0);
  }
  const clock = clockColumn(names, first);
  if (clock !== undefined) places.set("open_time", names.indexOf("date"));
  const missing = PRICES.filter((column) => !places.has(column));
  if (missing.length > 0) {
    throw new AppError(
      "bad_payload",
      `Cannot read ${path}: no column for ${
        missing.map((name) => name.replace("_price", "")).join()
      } ` +
        `in its header line ${JSON.stringify(header.join().slice(0, 80))}; wick needs at least a ` +
        "time, open, high, low and close",
    );
  }
  if (isYahoo && places.has("volume")) {
    places.set("quote_asset_volume", places.get("volume")!);
    places.delete("volume");
  }
  const read = new Set(places.values());
  const skipped = header.filter((name, i) => !read.has(i) && !isUnused(normalise(name)));
  return { places, width: header.length, hasHeader: true, skipped, isQuoteVolume: isYahoo, clock };
}

/** The column of the time of day beside one of the date. */
function clockColumn(names: readonly string[], first: readonly string[]): number | undefined {
  const place = names.indexOf("time");
  const isClock = /^\d\d:\d\d(:\d\d)?$/.test(first[place]?.trim() ?? "");
  return isClock && names.includes("date") ? place : undefined;
}

function optionColumns(path: string): AppError {
  return new AppError(
    "bad_payload",
    `Cannot import ${path}: its column strike is one of options, which are not the spot market`,
  );
}

/** Columns that yfinance alone has. */
const YAHOO = ["adj_close", "dividends", "stock_splits"];

/** Columns without information: an index, Binance's unused last column. */
function isUnused(name: string): boolean {
  return /^(|index|id|unnamed_0|ignored?|unused|date|time|datetime|timestamp|adj_close|dividends|stock_splits|capital_gains)$/
    .test(
      name,
    );
}

/**
 * CryptoDataDownload names both volumes after their assets: `Volume BTC`, `Volume USDT`. Indicators
 * such as `Volume MA` do not end in a quote asset.
 */
function addNamedVolumes(names: readonly string[], places: Map<FileColumn, number>): void {
  const volumes = names.flatMap((name, i) => /^volume_[a-z0-9]+$/.test(name) ? [i] : [])
    .filter((i) => ![...places.values()].includes(i));
  if (places.has("volume") || volumes.length !== 2) return;
  if (!isQuote(names[volumes[1]!]!.slice("volume_".length))) return;
  places.set("volume", volumes[0]!);
  if (!places.has("quote_asset_volume")) places.set("quote_asset_volume", volumes[1]!);
}

/**
 * Columns by position: open time and prices, volume, and the rest as Binance's API has it.
 *
 * @throws `bad_payload` for another number of columns
 */
export function positionalColumns(width: number, path: string): CandleColumns {
  if (width !== 6 && width !== 11 && width !== 12) {
    throw new AppError(
      "bad_payload",
      `Cannot read ${path}: its rows have ${width} columns and no header line; accepted without one ` +
        "are 6 (time, open, high, low, close, volume), and 11 or 12 as Binance's API returns them",
    );
  }
  const columns = KLINE_COLUMNS.slice(0, Math.min(width, 11));
  const places = new Map<FileColumn, number>(columns.map((column, i) => [column, i]));
  return { places, width, hasHeader: false, skipped: [], isQuoteVolume: false };
}

/** The columns of the exchange that a file lacks. */
export function lackingColumns({ places }: CandleColumns): KlineColumn[] {
  return KLINE_COLUMNS.filter((column) => !places.has(column));
}

/** Sums of shorter candles are never stored as the exchange's: they can be made again. */
export function derivedCandles(path: string, base: string): AppError {
  return new AppError(
    "bad_payload",
    `Cannot import ${path}: its candles were added up from ${base} by an export with rollup=1, and ` +
      "are not Binance's; import the shorter candles instead",
  );
}
