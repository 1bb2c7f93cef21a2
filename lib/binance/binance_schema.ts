import { z } from "zod";
import { toPrintable } from "../core/plain_text.ts";
import { type Decimal, DECIMAL_PATTERN } from "../core/decimal.ts";

// Shapes of Binance's spot REST API: github.com/binance/binance-spot-api-docs, rest-api.md.

const epoch = z.int().min(0);
const decimal = z.string().regex(DECIMAL_PATTERN).transform((text) => text as Decimal);

export const timeSchema = z.object({ serverTime: epoch });

/**
 * A row of GET /api/v3/klines: open time, open, high, low, close, volume, close time, quote volume,
 * trades, taker buy base, taker buy quote, and a field that means nothing.
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

/** The structure alone; elements of its lists are read one by one. */
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

/** Also beyond ASCII; the longest one known has 20 characters. */
const name = z.string().min(1).max(64).refine(
  (text) => toPrintable(text) === text,
  "not printable",
);

export const symbolSchema = z.object({
  symbol: name,
  baseAsset: name,
  quoteAsset: name,
  status: name,
  /** Anything: read one by one. */
  filters: z.unknown().optional(),
});

/** A trading rule; kinds and fields that wick does not know are kept as they came. */
export const filterSchema = z.looseObject({ filterType: z.string() });

/** What wick itself reads of a PRICE_FILTER and a LOT_SIZE. */
export const stepSchema = z.object({ tickSize: decimal.optional(), stepSize: decimal.optional() });
