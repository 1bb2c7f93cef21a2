import { z } from "zod";
import { INTERVALS } from "../../lib/core/interval.ts";
import { type EpochMs, parseTime } from "../../lib/core/time.ts";
import { type FaultKind, isFaultKind } from "./faults/fault_kinds.ts";
import { STATUSES } from "./market/listings.ts";

/** Epoch ms or ISO 8601. */
const time = z.union([z.number(), z.string()]).transform((value, context): EpochMs => {
  try {
    return parseTime(String(value));
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

const symbol = z.string().min(1);
const interval = z.enum(INTERVALS);
const decimal = z.string().regex(/^\d+(\.\d+)?$/, "must be a decimal");
const rate = z.number().min(0).max(1);
const kind = z.string().refine((text): text is FaultKind => isFaultKind(text), "is no fault");

export const clockBody = z.strictObject({
  set: time.exactOptional(),
  advanceMs: z.number().exactOptional(),
  frozen: z.boolean().exactOptional(),
});

export const faultBody = z.strictObject({
  kind,
  count: z.int().positive().exactOptional(),
  skip: z.int().nonnegative().exactOptional(),
  path: z.string().exactOptional(),
  symbol: symbol.exactOptional(),
  interval: z.string().exactOptional(),
  probability: rate.exactOptional(),
  until: time.exactOptional(),
  delayMs: z.number().nonnegative().exactOptional(),
  retryAfterS: z.number().nonnegative().exactOptional(),
  isSilent: z.boolean().exactOptional(),
  byMs: z.number().exactOptional(),
  factor: z.number().positive().exactOptional(),
  headers: z.record(z.string(), z.string()).exactOptional(),
  field: z.union([z.string(), z.int().min(0)]).exactOptional(),
  value: z.unknown().exactOptional(),
  row: z.int().exactOptional(),
});

export const chaosBody = z.strictObject({
  rates: z.record(z.string(), rate).refine(
    (rates): rates is Partial<Record<FaultKind, number>> => Object.keys(rates).every(isFaultKind),
    "names a kind that is no fault",
  ),
  seed: z.int().exactOptional(),
  path: z.string().exactOptional(),
});

const change = z.strictObject({
  open: decimal.exactOptional(),
  high: decimal.exactOptional(),
  low: decimal.exactOptional(),
  close: decimal.exactOptional(),
  volume: decimal.exactOptional(),
  closeTime: time.exactOptional(),
  quoteAssetVolume: decimal.exactOptional(),
  numberOfTrades: z.int().nonnegative().exactOptional(),
  takerBuyBaseAssetVolume: decimal.exactOptional(),
  takerBuyQuoteAssetVolume: decimal.exactOptional(),
});

export const revisionBody = z.strictObject({
  symbol,
  interval,
  openTime: time,
  change,
  across: z.boolean().exactOptional(),
});

export const gapBody = z.strictObject({
  symbol,
  interval: interval.exactOptional(),
  from: time,
  to: time,
});

export const newSymbolBody = z.strictObject({
  symbol,
  base: z.string().exactOptional(),
  quote: z.string().exactOptional(),
  listedAt: time.exactOptional(),
  stopsAt: time.exactOptional(),
  price: z.number().positive().exactOptional(),
  tickDecimals: z.int().min(0).max(8).exactOptional(),
  stepDecimals: z.int().min(0).max(8).exactOptional(),
  turnover: z.number().positive().exactOptional(),
  volatility: z.number().positive().exactOptional(),
});

export const stopBody = z.strictObject({
  symbol,
  at: time.exactOptional(),
  status: z.enum(STATUSES).exactOptional(),
});

export const resumeBody = z.strictObject({ symbol });

export const downBody = z.strictObject({ forMs: z.number().positive() });

export const candlesQuery = z.strictObject({
  symbol,
  interval,
  from: time.exactOptional(),
  to: time.exactOptional(),
});

export const requestsQuery = z.strictObject({
  path: z.string().exactOptional(),
  since: time.exactOptional(),
  status: z.coerce.number().exactOptional(),
  violations: z.stringbool().exactOptional(),
  last: z.coerce.number().exactOptional(),
});

export const idQuery = z.strictObject({ id: z.coerce.number().exactOptional() });
