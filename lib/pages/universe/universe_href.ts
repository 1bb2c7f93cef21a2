import type { PageLook } from "../../core/chart_address.ts";
import { type EpochMs, toIso } from "../../core/time.ts";
import { toHref } from "../components/site_href.ts";

/** Kinds of events in the list. */
export const EVENT_KINDS = ["listed", "delisted", "renamed"] as const;

export type EventKind = typeof EVENT_KINDS[number];

/** Parameters of the universe page. */
export interface UniverseAddress {
  /** Day whose symbols are counted. */
  readonly at: EpochMs | undefined;
  readonly quote: string | undefined;
  readonly kind: EventKind | undefined;
  /** Starting at 1. */
  readonly page: number;
  readonly look: PageLook;
}

export function dateText(time: EpochMs): string {
  return toIso(time).slice(0, 10);
}

/** The page with changed parameters; `part` is the fragment. */
export function universeHref(
  address: UniverseAddress,
  change: Partial<UniverseAddress>,
  part?: string,
): string {
  const { at, quote, kind, page, look } = { ...address, ...change };
  const href = toHref(".", "/universe", {
    ...look,
    at: at === undefined ? undefined : dateText(at),
    kind,
    page: page === 1 ? undefined : page,
    quote,
  });
  return part === undefined ? href : `${href}#${part}`;
}
