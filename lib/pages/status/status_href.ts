import type { GapClass } from "../../core/gaps.ts";
import type { Interval } from "../../core/interval.ts";
import type { PageLook } from "../../core/chart_address.ts";
import { toHref } from "../components/site_href.ts";

/** Parameters of the status page. */
export interface StatusAddress {
  /** True if the coverage strips show the last 90 days instead of the full history. */
  readonly isRecent: boolean;
  /** Filter of the gap list. */
  readonly symbol: string | undefined;
  readonly interval: Interval | undefined;
  readonly class: GapClass | undefined;
  /** Starting at 1. */
  readonly gapPage: number;
  /** Only runs with smaller IDs are listed. */
  readonly beforeRun: number | undefined;
  /** Page of the revised candles, starting at 1. */
  readonly restatedPage: number;
  /** Reload interval in seconds, for pages without scripts. */
  readonly refresh: number | undefined;
  readonly look: PageLook;
}

/** The page with changed parameters; `part` is the fragment. */
export function statusHref(
  address: StatusAddress,
  change: Partial<StatusAddress>,
  part?: string,
): string {
  const next = { ...address, ...change };
  const href = toHref(".", "/status", {
    before: next.beforeRun,
    class: next.class,
    interval: next.interval,
    page: next.gapPage === 1 ? undefined : next.gapPage,
    refresh: next.refresh,
    restated: next.restatedPage === 1 ? undefined : next.restatedPage,
    strip: next.isRecent ? "90d" : undefined,
    symbol: next.symbol,
    ...next.look,
  });
  return part === undefined ? href : `${href}#${part}`;
}
