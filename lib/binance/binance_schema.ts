import { z } from "zod";
import { toPrintable } from "../core/text/plain_text.ts";
import { type Decimal, DECIMAL_PATTERN, isDecimal } from "../core/decimal.ts";

// Shapes of Binance's spot REST API: github.com/binance/binance-spot-api-docs, rest-api.md.

const epoch = z.int().min(0);
const decimal = z.string().regex(DECIMAL_PATTERN).transform((text) => text as Decimal);

export const timeSchema = z.object({ serverTime: epoch });

/**
 * A row of GET /api/v3/klines: open time, open, high, low, close, volume, close time, quote volume,
 * trades, taker buy base, taker buy quote, and an unused field.
 */
export const klineRowSchema = z.tuple([
  epoch,
  decimal,
  decimal,
  decimal,
  decimal,
  decimal,
  epoch,
  decimal,
  z.int().min(0),
  decimal,
  decimal,
  z.unknown(),
]);

export type KlineRow = z.output<typeof klineRowSchema>;

export const klinesSchema = z.array(klineRowSchema);

/**
 * The verdict of `klineRowSchema` on a parsed JSON value, whose output equals its input. Checking a
 * row takes a tenth of the schema's time; the schema names the fault of an invalid one.
 */
export function isKlineRow(row: unknown): row is KlineRow {
  return Array.isArray(row) && row.length === 12 &&
    isWhole(row[0]) &&
    isText(row[1]) &&
    isText(row[2]) &&
    isText(row[3]) &&
    isText(row[4]) &&
    isText(row[5]) &&
    isWhole(row[6]) &&
    isText(row[7]) &&
    isWhole(row[8]) &&
    isText(row[9]) &&
    isText(row[10]);
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && isDecimal(value);
}

/** The outer structure only; list elements are parsed one by one. */
export const exchangeInfoSchema = z.object({
  rateLimits: z.unknown(),
  symbols: z.array(z.unknown()),
});

export const rateLimitSchema = z.object({
  rateLimitType: z.string(),
  interval: z.string(),
  intervalNum: z.int().positive(),
  limit: z.int().positive(),
});

/** The fields that wick reads of GET /api/v3/ticker/24hr, type MINI; parsed one by one. */
export const dayTickersSchema = z.array(z.unknown());
export const dayTickerSchema = z.object({
  symbol: z.string(),
  lastPrice: decimal,
  quoteVolume: decimal,
});

/** May contain letters beyond ASCII. The longest known symbol has 20 characters. */
const name = z.string().min(1).max(64).refine(
  (text) => toPrintable(text) === text,
  "not printable",
);

export const symbolSchema = z.object({
  symbol: name,
  baseAsset: name,
  quoteAsset: name,
  status: name,
  /** Parsed one by one. */
  filters: z.unknown().optional(),
});

/** A trading rule. Unknown kinds and fields are kept as received. */
export const filterSchema = z.looseObject({ filterType: z.string() });

/** The fields that wick reads of PRICE_FILTER and LOT_SIZE. */
export const stepSchema = z.object({ tickSize: decimal.optional(), stepSize: decimal.optional() });
