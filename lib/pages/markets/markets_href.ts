import { type PageLook, toHref } from "../components/href.ts";
import type { MarketOrder } from "./market_rows.ts";

/** What the address of the markets page says. */
export interface MarketsAddress extends MarketOrder {
  readonly view: "pie" | "bars";
  readonly range: "7d" | "30d" | "90d" | "1y" | "all";
  /** Seconds after which a page without scripts loads itself again. */
  readonly refresh: number | undefined;
  readonly look: PageLook;
}

/** The order that a column begins with. */
export function beginsAscending(sort: MarketOrder["sort"]): boolean {
  return sort === "coin";
}

/** The page with something changed; `part` is where to look. */
export function marketsHref(
  address: MarketsAddress,
  change: Partial<MarketsAddress>,
  part?: string,
): string {
  const { sort, isAscending, view, range, refresh, look } = { ...address, ...change };
  const isDefault = isAscending === beginsAscending(sort);
  const href = toHref(".", "/markets", {
    ...look,
    order: isDefault ? undefined : isAscending ? "asc" : "desc",
    range: range === "30d" ? undefined : range,
    refresh,
    sort: sort === "cap" ? undefined : sort,
    view: view === "pie" ? undefined : view,
  });
  return part === undefined ? href : `${href}#${part}`;
}
