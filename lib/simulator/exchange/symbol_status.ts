import type { EpochMs } from "../../core/time.ts";
import type { Listing } from "../market/listings.ts";
import { ApiError } from "./api_error.ts";
import type { Params } from "./params.ts";

/** The statuses that `symbolStatus` can ask for. */
export const ASKABLE_STATUSES = ["TRADING", "HALT", "BREAK"] as const;

export type AskableStatus = typeof ASKABLE_STATUSES[number];

export function readStatus(params: Params): AskableStatus | undefined {
  const text = params.optional("symbolStatus");
  if (text === undefined) return undefined;
  const status = ASKABLE_STATUSES.find((known) => known === text);
  if (status === undefined) throw new ApiError(-1122, "Invalid symbolStatus.");
  return status;
}

/** A single symbol whose status is not the one asked for is an error; lists are filtered. */
export function keepStatus(
  listings: readonly Listing[],
  { status, isSingle }: { status: AskableStatus | undefined; isSingle: boolean },
  now: EpochMs,
): Listing[] {
  const kept = listings.filter((listing) => status === undefined || listing.status(now) === status);
  if (isSingle && kept.length === 0) {
    throw new ApiError(-1220, "The symbol's status does not match the requested symbolStatus.");
  }
  return kept;
}
