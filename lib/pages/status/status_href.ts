import type { GapClass } from "../../core/gaps.ts";
import type { Interval } from "../../core/interval.ts";
import { type PageLook, toHref } from "../components/href.ts";

/** What the address of the status page says. */
export interface StatusAddress {
  /** The coverage strips show the last 90 days instead of all history. */
  readonly isRecent: boolean;
  /** Of the gaps listed. */
  readonly symbol: string | undefined;
  readonly interval: Interval | undefined;
  readonly class: GapClass | undefined;
  /** From 1 on. */
  readonly gapPage: number;
  /** Runs with smaller ids are listed. */
  readonly beforeRun: number | undefined;
  /** Of the restated candles, from 1 on. */
  readonly restatedPage: number;
  /** Seconds after which a page without scripts loads itself again. */
  readonly refresh: number | undefined;
  readonly look: PageLook;
}

/** The page with something changed; `part` is where to look. */
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
