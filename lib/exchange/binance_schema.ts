import { z } from "zod";
import { type Decimal, DECIMAL_PATTERN } from "../core/decimal.ts";
import type { MarketFilter } from "../ports/kline_source.ts";

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

/** Only what wick reads; symbols are checked one by one, when somebody wants them. */
export const exchangeInfoSchema = z.object({
  rateLimits: z.array(z.object({
    rateLimitType: z.string(),
    interval: z.string(),
    intervalNum: z.int(),
    limit: z.int(),
  })).default([]),
  symbols: z.array(z.looseObject({ symbol: z.string() })),
});

export const symbolSchema = z.object({
  symbol: z.string().min(1),
  baseAsset: z.string().min(1),
  quoteAsset: z.string().min(1),
  status: z.string().min(1),
  /** Anything; `readFilters` takes out what wick understands. */
  filters: z.unknown().optional(),
});

/** A trading rule; kinds and fields that wick does not know are kept as they came. */
const filterSchema = z.looseObject({ filterType: z.string() });

/** What wick itself reads of a PRICE_FILTER and a LOT_SIZE. */
export const stepSchema = z.object({ tickSize: decimal.optional(), stepSize: decimal.optional() });

/** The trading rules of a symbol; an element that is none is left out, the others count. */
export function readFilters(json: unknown): MarketFilter[] | undefined {
  if (!Array.isArray(json)) return undefined;
  return json.filter((one): one is MarketFilter => filterSchema.safeParse(one).success);
}
