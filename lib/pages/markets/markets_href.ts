import type { PageLook } from "../../core/chart_address.ts";
import { toHref } from "../components/site_href.ts";
import type { MarketOrder } from "./market_rows.ts";

export const MARKET_VIEWS = ["pie", "treemap", "bars"] as const;

/** Parameters of the markets page. */
export interface MarketsAddress extends MarketOrder {
  readonly view: typeof MARKET_VIEWS[number];
  /** The asset of prices and market caps. */
  readonly quote: string;
  readonly range: "7d" | "30d" | "90d" | "1y" | "all";
  /** Reload interval in seconds, for pages without scripts. */
  readonly refresh: number | undefined;
  readonly look: PageLook;
}

/** The default order of a column. */
export function beginsAscending(sort: MarketOrder["sort"]): boolean {
  return sort === "coin";
}

/** The page with changed parameters; `part` is the fragment. */
export function marketsHref(
  address: MarketsAddress,
  change: Partial<MarketsAddress>,
  part?: string,
): string {
  const { sort, isAscending, view, quote, range, refresh, look } = { ...address, ...change };
  const isDefault = isAscending === beginsAscending(sort);
  const href = toHref(".", "/markets", {
    ...look,
    order: isDefault ? undefined : isAscending ? "asc" : "desc",
    quote: quote === "USD" ? undefined : quote,
    range: range === "30d" ? undefined : range,
    refresh,
    sort: sort === "cap" ? undefined : sort,
    view: view === "pie" ? undefined : view,
  });
  return part === undefined ? href : `${href}#${part}`;
}
