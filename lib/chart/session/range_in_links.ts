import { changedHref } from "../../core/chart_address.ts";
import { endOf, type Interval, isInterval } from "../../core/interval.ts";
import { fittingRange } from "../model/fitting_interval.ts";
import type { ShownRange } from "./page_signals.ts";

export interface CarriedRange {
  readonly range: ShownRange;
  readonly interval: Interval;
  /** End of the newest candle of `interval`. */
  readonly end: number;
}

/** The address `href` with the range in view, which another interval fits to what it can show. */
export function withRange(href: string, { range, interval, end }: CarriedRange): string {
  const other = new URL(href).searchParams.get("interval") ?? interval;
  const fitted = other === interval || !isInterval(other)
    ? range
    // The open candle is in view, too.
    : fittingRange(other, range, range.to === undefined ? endOf(end, interval) : end);
  return changedHref(href, { from: fitted.from, to: fitted.to, page: undefined });
}
