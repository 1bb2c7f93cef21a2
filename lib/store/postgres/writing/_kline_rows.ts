import type { Kline } from "../../../core/kline.ts";
import { toIso } from "../../../core/time.ts";

/** A candle's value columns, their types and the source of their text. */
const VALUES: readonly (readonly [string, string, (kline: Kline) => string])[] = [
  ["close_time", "timestamptz", (k) => toIso(k.closeTime)],
  ["number_of_trades", "integer", (k) => String(k.numberOfTrades)],
  ["open_price", "numeric", (k) => k.openPrice],
  ["high_price", "numeric", (k) => k.highPrice],
  ["low_price", "numeric", (k) => k.lowPrice],
  ["close_price", "numeric", (k) => k.closePrice],
  ["volume", "numeric", (k) => k.volume],
  ["quote_asset_volume", "numeric", (k) => k.quoteAssetVolume],
  ["taker_buy_base_asset_volume", "numeric", (k) => k.takerBuyBaseAssetVolume],
  ["taker_buy_quote_asset_volume", "numeric", (k) => k.takerBuyQuoteAssetVolume],
];

/**
 * Names of the columns that hold a candle's values, in the order of `toCopyLines` and `INCOMING`.
 */
export const VALUE_COLUMNS = VALUES.map(([name]) => name);

/** Stores the lines of `toCopyLines`, each with these five values before it. */
export const COPY_KLINES =
  `copy klines (symbol_id, interval, stored_at, change_seq, run_id, open_time, ${VALUE_COLUMNS})
   from stdin`;

/** Select list that makes the driver return rows as candles. */
export const AS_KLINE = Object.entries(
  {
    openTime: "open_time",
    openPrice: "open_price::text",
    highPrice: "high_price::text",
    lowPrice: "low_price::text",
    closePrice: "close_price::text",
    volume: "volume::text",
    closeTime: "close_time",
    quoteAssetVolume: "quote_asset_volume::text",
    numberOfTrades: "number_of_trades",
    takerBuyBaseAssetVolume: "taker_buy_base_asset_volume::text",
    takerBuyQuoteAssetVolume: "taker_buy_quote_asset_volume::text",
  } satisfies Record<keyof Kline, string>,
).map(([name, sql]) => `${sql} as "${name}"`).join();

/** The table `i` of the candles passed as parameters $3 … $13, created by `toArrays`. */
export const INCOMING = `unnest($3::timestamptz[], ${
  VALUES.map(([, type], index) => `$${index + 4}::${type}[]`)
}) as i(open_time, ${VALUE_COLUMNS})`;

/** First parameter number after those of `INCOMING`. */
export const AFTER_INCOMING = VALUES.length + 4;

/** Candles as array literals. Their fields hold digits only, so nothing needs quotes. */
export function toArrays(klines: readonly Kline[]): string[] {
  const literal = (pick: (kline: Kline) => string) => `{${klines.map(pick).join()}}`;
  return [
    literal((kline) => toIso(kline.openTime)),
    ...VALUES.map(([, , pick]) => literal(pick)),
  ];
}

/**
 * First and last open time of ascending candles. Where they bound a statement, TimescaleDB skips
 * the other chunks, and decompresses no others for an update.
 */
export function spanTimes(klines: readonly Kline[]): [from: string, to: string] {
  return [toIso(klines[0]!.openTime), toIso(klines.at(-1)!.openTime)];
}

/**
 * Candles as lines of COPY's text format, each starting with `stamp`: open time, then the values.
 */
export function toCopyLines(klines: readonly Kline[], stamp: string): string {
  let lines = "";
  for (const kline of klines) {
    lines += stamp + toIso(kline.openTime);
    for (const [, , pick] of VALUES) lines += "\t" + pick(kline);
    lines += "\n";
  }
  return lines;
}
