/** A program to copy that works unchanged. */
export interface Snippet {
  /** Text of the tab, such as `pandas`. */
  readonly name: string;
  readonly language: "sh" | "python" | "sql" | "r" | "javascript";
  readonly code: string;
  readonly note?: string;
}

export interface SnippetOptions {
  /** wick's address with its base path, without a slash at the end. */
  readonly origin: string;
  readonly symbol: string;
  readonly interval: string;
  /** ISO 8601 date, inclusive. */
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  /** Adds imported candles to exports. */
  readonly imported?: "1" | undefined;
}

/** Programs that get the candles of a range, one per tool. */
export function toSnippets(options: SnippetOptions): Snippet[] {
  return [curl, pandas, polars, duckDb, r, javaScript, ccxt].map((write) => write(options));
}

/** The CSV of the range. */
export function csvUrl(
  { origin, symbol, interval, from, to, imported }: SnippetOptions,
): string {
  const range = `${origin}/export?symbol=${symbol}&interval=${interval}&from=${from}&to=${to}`;
  return imported === undefined ? range : `${range}&imported=${imported}`;
}

function curl(options: SnippetOptions): Snippet {
  const { symbol, interval } = options;
  return {
    name: "curl",
    language: "sh",
    code: `curl --fail --compressed --remote-name --remote-header-name \\\n  '${csvUrl(options)}'`,
    note: `Writes \`${symbol}-${interval}.csv\`.`,
  };
}

function pandas(options: SnippetOptions): Snippet {
  return {
    name: "pandas",
    language: "python",
    code: [
      "import pandas as pd",
      "",
      "candles = pd.read_csv(",
      `    "${csvUrl(options)}",`,
      '    parse_dates=["open_time", "close_time"],',
      '    index_col="open_time",',
      ")",
      'print(candles["close_price"].describe())',
    ].join("\n"),
    note: "Prices become floats. For the exchange's digits add `dtype=str` and convert with " +
      "`decimal.Decimal`.",
  };
}

function polars(options: SnippetOptions): Snippet {
  return {
    name: "polars",
    language: "python",
    code: [
      "import polars as pl",
      "",
      "candles = pl.read_csv(",
      `    "${csvUrl(options)}",`,
      "    try_parse_dates=True,",
      '    schema_overrides={"close_price": pl.String},',
      ').with_columns(pl.col("close_price").cast(pl.Decimal(38, 8)))',
      "print(candles.tail())",
    ].join("\n"),
    note: "Columns read as text and cast to Decimal keep every digit.",
  };
}

function duckDb(options: SnippetOptions): Snippet {
  return {
    name: "DuckDB",
    language: "sql",
    code: [
      "create table candles as",
      "select * from read_csv(",
      `  '${csvUrl(options)}',`,
      "  types = {'close_price': 'decimal(38, 8)', 'volume': 'decimal(38, 8)'}",
      ");",
      "select max(close_price), sum(volume) from candles;",
    ].join("\n"),
    note: "DuckDB reads URLs through its httpfs extension, which it loads automatically.",
  };
}

function r(options: SnippetOptions): Snippet {
  return {
    name: "R",
    language: "r",
    code: [
      "candles <- read.csv(",
      `  "${csvUrl(options)}"`,
      ")",
      'candles$open_time <- as.POSIXct(candles$open_time, "UTC", "%Y-%m-%dT%H:%M:%OS")',
      "summary(candles$close_price)",
    ].join("\n"),
  };
}

function javaScript({ origin, symbol, interval }: SnippetOptions): Snippet {
  return {
    name: "JavaScript",
    language: "javascript",
    code: [
      "const response = await fetch(",
      `  "${origin}/api/candles?symbol=${symbol}&interval=${interval}&limit=500",`,
      ");",
      "if (!response.ok) throw new Error((await response.json()).error.message);",
      "const { open_time, close_price } = await response.json();",
      "console.log(new Date(open_time.at(-1)), close_price.at(-1));",
    ].join("\n"),
    note: "Works in Deno, Node.js, Bun and browsers, from any origin.",
  };
}

function ccxt({ origin, symbol, interval, from }: SnippetOptions): Snippet {
  return {
    name: "ccxt",
    language: "javascript",
    code: [
      'import ccxt from "ccxt";',
      "",
      'const spot = { fetchMarkets: { types: ["spot"] } };',
      "const exchange = new ccxt.binance({ enableRateLimit: false, options: spot });",
      `exchange.urls.api.public = "${origin}/api/v3";`,
      "await exchange.loadMarkets();",
      `const [{ symbol }] = exchange.markets_by_id["${symbol}"];`,
      `const since = Date.parse("${from}");`,
      `const rows = await exchange.fetchOHLCV(symbol, "${interval}", since, 1000);`,
      "console.log(symbol, rows.length, rows[0]);",
    ].join("\n"),
    note: "Only the base URL differs from code written for Binance. Prices become floats.",
  };
}
