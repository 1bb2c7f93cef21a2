/** Columns of saved candles. */
export type Column =
  | "openTime"
  | "open"
  | "high"
  | "low"
  | "close"
  | "volume"
  | "closeTime"
  | "quoteVolume"
  | "trades"
  | "takerVolume"
  | "takerQuoteVolume"
  | "ignore";

/** The position of each column in a line; absent when the file lacks it. */
export type Layout = Readonly<Partial<Record<Column, number>>>;

/** The order of the exchange's archive, which has no header. */
const ARCHIVE_ORDER: readonly Column[] = [
  "openTime",
  "open",
  "high",
  "low",
  "close",
  "volume",
  "closeTime",
  "quoteVolume",
  "trades",
  "takerVolume",
  "takerQuoteVolume",
  "ignore",
];

/** Header names, lower case without punctuation; the first match is used. */
const NAMES: Readonly<Record<Column, readonly string[]>> = {
  openTime: ["opentime", "timestamp", "time", "date"],
  open: ["open", "openprice"],
  high: ["high", "highprice"],
  low: ["low", "lowprice"],
  close: ["close", "closeprice"],
  volume: ["volume"],
  closeTime: ["closetime"],
  quoteVolume: ["quotevolume", "quoteav", "quoteassetvolume"],
  trades: ["trades", "count", "numberoftrades"],
  takerVolume: ["takerbuyvolume", "tbbaseav", "takerbuybase", "takerbuybaseassetvolume"],
  takerQuoteVolume: [
    "takerbuyquotevolume",
    "tbquoteav",
    "takerbuyquote",
    "takerbuyquoteassetvolume",
  ],
  ignore: ["ignore"],
};

const NEEDED: readonly Column[] = ["openTime", "open", "high", "low", "close", "volume"];

/** True if the first line holds column names rather than a candle. */
export function isHeader(line: readonly string[]): boolean {
  return !/^\d/.test(line[0] ?? "");
}

/** @throws {RangeError} when a column that every candle needs is missing */
export function layoutOf(header: readonly string[]): Layout {
  const names = header.map((name) => name.toLowerCase().replace(/[^a-z]/g, ""));
  const layout: Partial<Record<Column, number>> = {};
  for (const [column, known] of Object.entries(NAMES) as [Column, readonly string[]][]) {
    const name = known.find((candidate) => names.includes(candidate));
    if (name !== undefined) layout[column] = names.indexOf(name);
  }
  const missing = NEEDED.find((column) => layout[column] === undefined);
  if (missing !== undefined) throw new RangeError(`has no column for ${missing}: ${header}`);
  return layout;
}

/** @throws {RangeError} unless the line has the archive's twelve fields */
export function layoutWithoutHeader(line: readonly string[]): Layout {
  if (line.length !== ARCHIVE_ORDER.length) {
    throw new RangeError(`has no header and ${line.length} columns instead of 12`);
  }
  return Object.fromEntries(ARCHIVE_ORDER.map((column, index) => [column, index]));
}
