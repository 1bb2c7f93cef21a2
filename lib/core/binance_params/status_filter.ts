import { ApiError } from "./api_error.ts";
import type { Params } from "./params.ts";

/** The values of `symbolStatus`. */
export const ASKABLE_STATUSES = ["TRADING", "HALT", "BREAK"] as const;

export type AskableStatus = typeof ASKABLE_STATUSES[number];

export function readStatus(params: Params): AskableStatus | undefined {
  const text = params.optional("symbolStatus");
  if (text === undefined) return undefined;
  const status = ASKABLE_STATUSES.find((known) => known === text);
  if (status === undefined) throw new ApiError(-1122, "Invalid symbolStatus.");
  return status;
}

/** A single symbol with another status than requested is an error; lists are filtered. */
export function keepStatus<T>(
  markets: readonly T[],
  { status, isSingle }: { status: AskableStatus | undefined; isSingle: boolean },
  statusOf: (market: T) => string,
): T[] {
  const kept = markets.filter((market) => status === undefined || statusOf(market) === status);
  if (isSingle && kept.length === 0) {
    throw new ApiError(-1220, "The symbol's status does not match the requested symbolStatus.");
  }
  return kept;
}
