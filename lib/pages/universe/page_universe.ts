import { z } from "zod";
import { findLook } from "../../core/chart_address.ts";
import type { EpochMs } from "../../core/time.ts";
import { dayOf, tradedOn } from "../../core/universe/traded_on.ts";
import type { Services } from "../../http/define.ts";
import { integerParam, parseQuery } from "../../http/queries/query.ts";
import { dayParam, quoteParam, requireDay } from "../../http/queries/universe_query.ts";
import { readUniverse } from "../../http/universe_read.ts";
import { listEvents, listQuotes, type UniverseEvent } from "./universe_events.ts";
import { EVENT_KINDS, type UniverseAddress } from "./universe_href.ts";

export const EVENTS_PAGE = 50;

const querySchema = z.object({
  at: dayParam.optional(),
  quote: quoteParam.optional(),
  kind: z.enum(EVENT_KINDS, `must be one of ${EVENT_KINDS.join(", ")}`).optional(),
  page: integerParam(1, 1_000_000).optional(),
});

/**
 * Unknown parameters are ignored, and empty ones, which forms send.
 *
 * @throws `invalid_input` for invalid parameters
 */
export function parseUniverseQuery(params: URLSearchParams): UniverseAddress {
  const given = new URLSearchParams([...params].filter(([, value]) => value !== ""));
  const { at, quote, kind, page = 1 } = parseQuery(given, querySchema, { allowsUnknown: true });
  return { at, quote, kind, page, look: findLook(given) };
}

/** All data of the universe page. */
export interface UniverseData {
  readonly address: UniverseAddress;
  /** The day whose symbols are counted, and today. */
  readonly day: EpochMs;
  readonly today: EpochMs;
  /** Symbols that were traded on that day, with the quote asset of the address. */
  readonly traded: number;
  readonly symbols: number;
  readonly quotes: readonly string[];
  readonly events: { readonly total: number; readonly items: readonly UniverseEvent[] };
  readonly pending: number;
  readonly checkedAt: EpochMs | undefined;
}

/** @throws `store_unavailable`, `invalid_input` for a day in the future */
export async function readUniversePage(
  services: Services,
  address: UniverseAddress,
): Promise<UniverseData> {
  const serverTime = services.exchange.serverTime();
  const day = requireDay(address.at, serverTime);
  const { records, renames, pending, checkedAt } = await readUniverse(services);
  const events = listEvents(records, renames, address);
  const start = (address.page - 1) * EVENTS_PAGE;
  return {
    address,
    day,
    today: dayOf(serverTime),
    traded: tradedOn(records, { at: day, quote: address.quote }).length,
    symbols: records.length,
    quotes: listQuotes(records),
    events: { total: events.length, items: events.slice(start, start + EVENTS_PAGE) },
    pending,
    checkedAt,
  };
}
