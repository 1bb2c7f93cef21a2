import { changedHref } from "../../core/chart_address.ts";
import { endOf, type Interval, isInterval, openTimeOf } from "../../core/interval.ts";
import type { EpochMs } from "../../core/time.ts";
import { drawnStepMs, MAX_DRAWN } from "../model/merge_candles.ts";
import type { ShownRange } from "./page_signals.ts";

/** Candles that a change of interval shows at least. */
const LEAST = 40;

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

/** The time that an address names; without `to` it goes on to the newest candle. */
export interface NamedRange {
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}

/**
 * The range for a change to `interval`, which fits it: from 40 to 500 candles around the middle of
 * the old range, or up to the newest candle where that was in view. No candle ends after `end`.
 */
export function fittingRange(
  interval: Interval,
  { from, to }: NamedRange,
  end: EpochMs,
): NamedRange {
  if (from === undefined) return { from, to };
  const step = drawnStepMs(interval);
  const span = Math.min(Math.max((to ?? end) - from, LEAST * step), MAX_DRAWN * step);
  const middle = (from + (to ?? end)) / 2;
  const start = Math.max(0, to === undefined ? end - span : middle - span / 2);
  return {
    from: openTimeOf(start, interval),
    to: to === undefined ? to : Math.min(Math.ceil(start + span), end),
  };
}
