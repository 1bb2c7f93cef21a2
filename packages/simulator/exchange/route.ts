import { invalidSymbol } from "../../../lib/core/binance_params/api_error.ts";
import type { Params } from "../../../lib/core/binance_params/params.ts";
import type { TimeUnit } from "../../../lib/core/binance_params/time_unit.ts";
import type { EpochMs } from "../../../lib/core/time.ts";
import type { Answer } from "../answer.ts";
import type { Listing, Listings } from "../market/listings.ts";
import type { CandleReader } from "../market/reader.ts";

/** Data that the exchange's routes read. */
export interface ExchangeState {
  readonly listings: Listings;
  readonly reader: CandleReader;
  /** Request weight per minute and IP address, as exchangeInfo states it. */
  readonly weightLimit: number;
}

export interface RouteContext {
  readonly exchange: ExchangeState;
  readonly params: Params;
  readonly unit: TimeUnit;
  readonly now: EpochMs;
}

export interface Route {
  /** Charged whether or not the request succeeds. */
  weight(params: Params): number;
  answer(context: RouteContext): Answer;
}

export function timeIn(time: EpochMs, unit: TimeUnit): number {
  return unit === "us" ? time * 1000 : time;
}

/** @throws {ApiError} for an unknown symbol */
export function findListing(listings: Listings, symbol: string, now: EpochMs): Listing {
  const listing = listings.find(symbol, now);
  if (listing === undefined) throw invalidSymbol();
  return listing;
}

/** The named symbols, or all. One unknown name fails the whole request. */
export function findListings(
  listings: Listings,
  names: readonly string[] | undefined,
  now: EpochMs,
): Listing[] {
  return names?.map((name) => findListing(listings, name, now)) ?? listings.list(now);
}
