import { type Interval, INTERVALS } from "../../core/interval.ts";
import { toIso } from "../../core/time.ts";
import { drawnStepMs, MAX_DRAWN } from "../model/merge_candles.ts";
import type { ShownRange } from "./page_signals.ts";

/** Minimum number of candles after a change of interval. */
const LEAST = 40;

export interface CarriedRange {
  readonly range: ShownRange;
  /** Interval of the page, and the end of its data. */
  readonly interval: string;
  readonly end: number;
}

/**
 * The address `href` with the range that is in view now. Another interval keeps the middle, and
 * takes as much around it as it can show; beside the newest candle it keeps that one.
 */
export function withRange(href: string, { range, interval, end }: CarriedRange): string {
  const url = new URL(href);
  const other = url.searchParams.get("interval") ?? interval;
  const fitted = other === interval ? range : rangeFor(other as Interval, range, end);
  const { searchParams } = url;
  for (const name of ["from", "to", "page"]) searchParams.delete(name);
  if (fitted.from !== undefined) searchParams.set("from", timeText(fitted.from));
  if (fitted.to !== undefined) searchParams.set("to", timeText(fitted.to));
  return canonical(url);
}

/** Sorts parameters by name, as the server does. */
function canonical({ origin, pathname, searchParams }: URL): string {
  const query = [...searchParams].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&").replaceAll("%3A", ":").replaceAll("%2C", ",");
  return `${origin}${pathname}${query && `?${query}`}`;
}

/** The part of `range` that a chart of `interval` can show. */
function rangeFor(interval: Interval, range: ShownRange, end: number): ShownRange {
  const { from, to } = range;
  if (from === undefined || !INTERVALS.includes(interval)) return range;
  const step = drawnStepMs(interval);
  const span = Math.min(Math.max((to ?? end) - from, LEAST * step), MAX_DRAWN * step);
  if (to === undefined) return { from: Math.max(0, end - span), to };
  const middle = (from + to) / 2;
  const start = Math.max(0, middle - span / 2);
  return { from: Math.floor(start), to: Math.min(Math.ceil(start + span), end) };
}

/** `2026-01-31T14:00Z`, longer only if necessary. */
export function timeText(time: number): string {
  return toIso(Math.round(time)).replace(/\.000Z$/, "Z").replace(/:00Z$/, "Z");
}

/** The page's own URL with other parameters, by name. */
export function chartAddressHere(change: Readonly<Record<string, string>>): string {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value);
  return canonical(url);
}
