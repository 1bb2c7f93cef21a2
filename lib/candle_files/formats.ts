import type { FormatId } from "../core/candle_formats.ts";
import { AppError } from "../core/errors.ts";
import { KLINE_COLUMNS } from "../core/kline.ts";
import { type CandleColumns, lackingColumns } from "./candle_columns.ts";

/** Encoding of a table in bytes. */
export type FileKind = "text" | "json" | "ndjson" | "arrow" | "parquet" | "sqlite" | "database";

/** A format of candle files in the field. */
export interface CandleFormat {
  /** Value of `--format`. */
  readonly id: FormatId;
  /** Name in messages. */
  readonly name: string;
  readonly kinds: readonly FileKind[];
  /** Its writer stores closed candles only. */
  readonly hasClosedOnly: boolean;
  fits(table: TableShape): boolean;
}

/** Columns and names of a table. */
export interface TableShape {
  readonly columns: CandleColumns;
  /** Lower case; empty without a header line. */
  readonly names: readonly string[];
  readonly kind: FileKind;
}

const has = (names: readonly string[], ...wanted: readonly string[]) =>
  wanted.every((name) => names.includes(name));

/** Formats, the more specific first. Each is tried by the columns of a file. */
export const CANDLE_FORMATS: readonly CandleFormat[] = [
  {
    id: "wick",
    name: "wick export",
    kinds: ["text", "json", "ndjson", "arrow", "parquet", "database"],
    hasClosedOnly: true,
    fits: ({ names }) => has(names, ...KLINE_COLUMNS),
  },
  {
    id: "cryptodatadownload",
    name: "CryptoDataDownload CSV",
    kinds: ["text"],
    hasClosedOnly: false,
    fits: ({ names }) =>
      has(names, "unix", "date", "symbol") && names.some((name) => /^volume /.test(name)),
  },
  {
    id: "yfinance",
    name: "yfinance CSV",
    kinds: ["text", "parquet"],
    hasClosedOnly: false,
    fits: ({ columns }) => columns.isQuoteVolume,
  },
  {
    id: "gekko",
    name: "Gekko SQLite",
    kinds: ["sqlite"],
    hasClosedOnly: true,
    fits: () => true,
  },
  {
    id: "jesse",
    name: "jesse's table",
    kinds: ["database"],
    hasClosedOnly: false,
    fits: ({ names }) => has(names, "exchange", "timeframe", "timestamp"),
  },
  {
    id: "freqtrade",
    name: "freqtrade",
    kinds: ["arrow", "parquet", "json"],
    hasClosedOnly: false,
    fits: ({ names, columns, kind }) =>
      kind === "json"
        ? !columns.hasHeader && columns.width === 6
        : has(names, "date", "open", "high", "low", "close", "volume") && names.length <= 7,
  },
  {
    id: "binance-api",
    name: "rows of Binance's API",
    kinds: ["text", "json", "arrow", "parquet", "database"],
    hasClosedOnly: false,
    fits: ({ columns }) => lackingColumns(columns).length === 0,
  },
  {
    id: "tradingview",
    name: "TradingView CSV",
    kinds: ["text"],
    hasClosedOnly: false,
    fits: ({ names }) =>
      has(names, "time", "open", "high", "low", "close") && !names.includes("timestamp"),
  },
  {
    id: "ohlcv",
    name: "open, high, low, close, volume",
    kinds: ["text", "json", "ndjson", "arrow", "parquet", "sqlite", "database"],
    hasClosedOnly: false,
    fits: () => true,
  },
];

/**
 * Detects the format of a table, or checks that it can have the wanted one.
 *
 * @throws `bad_payload` when it cannot
 */
export function detectFormat(
  table: TableShape,
  wanted: FormatId | undefined,
  path: string,
): CandleFormat {
  const fitting = CANDLE_FORMATS.filter(({ kinds, fits }) =>
    kinds.includes(table.kind) && fits(table)
  );
  const found = wanted === undefined ? fitting[0] : fitting.find(({ id }) => id === wanted);
  if (found !== undefined) return found;
  const words = fitting.map(({ name }) => name).join(" or ");
  throw new AppError("bad_payload", `Cannot read ${path} as ${wanted}: it looks like ${words}`);
}
