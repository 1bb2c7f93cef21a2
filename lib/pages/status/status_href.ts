import type { PageLook } from "../../core/chart_address.ts";
import { type Param, timeText } from "../../core/text/query_text.ts";
import type { EpochMs } from "../../core/time.ts";
import { toHref } from "../components/site_href.ts";
import { FIRST_ORDER, type SeriesFilter, type SortKey, type SortOrder } from "./series_list.ts";

/** Parameters of the status page. */
export interface StatusAddress {
  /** Filter of the list of series and of the gaps. */
  readonly filter: SeriesFilter;
  /** Order of the series; `undefined`: as configured. */
  readonly sort: SortKey | undefined;
  readonly order: SortOrder;
  /** Page of the series, starting at 1. */
  readonly seriesPage: number;
  /** True if the coverage strips show the last 90 days instead of the full history. */
  readonly isRecent: boolean;
  /** Lists the gaps that begin at this time by series. */
  readonly gapsAt: EpochMs | undefined;
  /** Page of the gaps, starting at 1. */
  readonly gapPage: number;
  /** Only runs with smaller IDs are listed. */
  readonly beforeRun: number | undefined;
  /** Page of the revised candles, starting at 1. */
  readonly restatedPage: number;
  /** Reload interval in seconds, for pages without scripts. */
  readonly refresh: number | undefined;
  readonly look: PageLook;
}

export const NO_FILTER: SeriesFilter = {
  symbol: undefined,
  text: undefined,
  quote: undefined,
  interval: undefined,
  state: undefined,
  symbolStatus: undefined,
  class: undefined,
  history: undefined,
};

/** The page with changed parameters; `part` is the fragment. */
export function statusHref(
  address: StatusAddress,
  change: Partial<StatusAddress>,
  part?: string,
): string {
  const params = Object.fromEntries(statusParams({ ...address, ...change }));
  const href = toHref(".", "/status", params);
  return part === undefined ? href : `${href}#${part}`;
}

/** The page with a changed filter, from the first pages of its lists on. */
export function filterHref(
  address: StatusAddress,
  change: Partial<SeriesFilter>,
  part: string,
): string {
  const filter = { ...address.filter, ...change };
  return statusHref(address, { filter, seriesPage: 1, gapPage: 1, gapsAt: undefined }, part);
}

/** The parameters of an address that are not defaults. */
export function statusParams(address: StatusAddress): Param[] {
  const { filter, sort, order, seriesPage, gapPage, restatedPage, look } = address;
  const params: Record<string, string | number | undefined> = {
    begin: timeText(address.gapsAt),
    before: address.beforeRun,
    class: filter.class,
    freshness: filter.state,
    history: filter.history,
    interval: filter.interval,
    order: sort === undefined || order === FIRST_ORDER[sort] ? undefined : order,
    page: gapPage === 1 ? undefined : gapPage,
    q: filter.text,
    quote: filter.quote,
    refresh: address.refresh,
    restated: restatedPage === 1 ? undefined : restatedPage,
    series: seriesPage === 1 ? undefined : seriesPage,
    sort,
    status: filter.symbolStatus,
    strip: address.isRecent ? "90d" : undefined,
    symbol: filter.symbol,
    ...look,
  };
  return Object.entries(params).filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, String(value)]);
}
