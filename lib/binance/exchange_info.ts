import type { z } from "zod";
import { AppError } from "../core/errors.ts";
import { toPlainText } from "../core/text/plain_text.ts";
import { WEIGHT_LIMITS } from "../core/request_weight.ts";
import type { MarketFilter, MarketList, MarketSymbol } from "../ports/kline_source.ts";
import {
  exchangeInfoSchema,
  filterSchema,
  rateLimitSchema,
  stepSchema,
  symbolSchema,
} from "./binance_schema.ts";
import type { Oddities } from "./oddities.ts";
import { parseEach, parsePayload } from "./parse_payload.ts";

/** Documented kinds of limits; wick enforces the first. */
const LIMIT_TYPES = new Set(["REQUEST_WEIGHT", "ORDERS", "RAW_REQUESTS", "CONNECTIONS"]);

/**
 * Reads GET /api/v3/exchangeInfo element by element.
 *
 * @throws `bad_payload` without a list of symbols, or with an empty one
 */
export function readExchangeInfo(
  json: unknown,
  oddities: Oddities,
): MarketList & { readonly minuteLimit: number | undefined } {
  const info = parsePayload(exchangeInfoSchema, json, "exchangeInfo");
  if (info.symbols.length === 0) {
    throw new AppError("bad_payload", "Cannot read exchangeInfo: it lists no symbols");
  }
  const { items, unreadable } = parseEach(
    symbolSchema,
    info.symbols,
    { what: "symbols of exchangeInfo", key: "symbol" },
    oddities,
  );
  return {
    symbols: items.map((one) => toMarketSymbol(one, oddities)),
    unreadable: unreadable.flatMap(({ name }) => name ?? []),
    isWhole: unreadable.every(({ name }) => name !== undefined),
    minuteLimit: readMinuteLimit(info.rateLimits, oddities),
  };
}

/** Request weight per minute; `undefined` when it is not listed. */
function readMinuteLimit(json: unknown, oddities: Oddities): number | undefined {
  if (!Array.isArray(json)) {
    oddities.report("Skipped rateLimits of exchangeInfo: not a list");
    return undefined;
  }
  const name = { what: "rateLimits of exchangeInfo", key: "rateLimitType" };
  const { items } = parseEach(rateLimitSchema, json, name, oddities);
  for (const { rateLimitType } of items) {
    if (!LIMIT_TYPES.has(rateLimitType)) {
      const type = toPlainText(rateLimitType, 40);
      oddities.report(`Skipped an unknown rate limit of exchangeInfo: ${type}`);
    }
  }
  const limit = items.find((one) =>
    one.rateLimitType === "REQUEST_WEIGHT" && one.interval === "MINUTE" && one.intervalNum === 1
  )?.limit;
  if (limit === undefined || (limit >= WEIGHT_LIMITS.min && limit <= WEIGHT_LIMITS.max)) {
    return limit;
  }
  oddities.report(`Ignored the rate limit of exchangeInfo: a weight of ${limit} a minute`);
  return undefined;
}

function toMarketSymbol(
  { filters: json, ...market }: z.output<typeof symbolSchema>,
  oddities: Oddities,
): MarketSymbol {
  const filters = readFilters(json, market.symbol, oddities);
  const find = (type: string) =>
    stepSchema.safeParse(filters?.find((filter) => filter.filterType === type)).data;
  return {
    ...market,
    tickSize: find("PRICE_FILTER")?.tickSize,
    stepSize: find("LOT_SIZE")?.stepSize,
    filters,
  };
}

/** The trading rules of a symbol as received, without malformed elements. */
function readFilters(
  json: unknown,
  symbol: string,
  oddities: Oddities,
): MarketFilter[] | undefined {
  if (json === undefined) return undefined;
  if (!Array.isArray(json)) {
    oddities.report(`Skipped the filters of ${symbol}: not a list`);
    return undefined;
  }
  const name = { what: `filters of ${symbol}`, key: "filterType" };
  return parseEach(filterSchema, json, name, oddities).items;
}
