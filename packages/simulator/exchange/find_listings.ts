import { invalidSymbol } from "../../../lib/core/binance_params/api_error.ts";
import type { EpochMs } from "../../../lib/core/time.ts";
import type { Listing, Listings } from "../market/listings.ts";

/** One unknown name fails the whole call. */
export function findListings(
  listings: Listings,
  names: readonly string[] | undefined,
  now: EpochMs,
): Listing[] {
  if (names === undefined) return listings.list(now);
  return names.map((name) => {
    const listing = listings.find(name, now);
    if (listing === undefined) throw invalidSymbol();
    return listing;
  });
}
