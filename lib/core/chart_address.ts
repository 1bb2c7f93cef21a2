import type { Interval } from "./interval.ts";
import { type Overlay, overlayName } from "./overlay.ts";
import { type Param, queryText, timeText } from "./text/query_text.ts";
import type { EpochMs } from "./time.ts";

// The address of a chart, for server and browser: what it says, how it is written, and how another
// one is derived from it. `chart_address_rules.ts` reads it.

/** Candles of a series; without `from` and `to` the newest ones. */
export interface SeriesRange {
  readonly symbol: string;
  readonly interval: Interval;
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
  /** Adds imported candles where none of the exchange is stored. */
  readonly imported?: "1" | undefined;
}

export const SCALES = ["linear", "log"] as const;
export const ZONES = ["utc", "local"] as const;
export const FIXED_THEMES = ["light", "dark"] as const;
export const PALETTES = ["blue", "inverse"] as const;
export const CANDLE_FILLS = ["hollow", "solid"] as const;
/** Ways to draw prices; the first is the default. */
export const CHART_TYPES = [
  "candles",
  "hollow",
  "bars",
  "heikin",
  "line",
  "area",
  "baseline",
] as const;
export type ChartType = typeof CHART_TYPES[number];

/** The look of a chart; an absent member means the default. */
export interface ChartLook {
  readonly scale?: typeof SCALES[number] | undefined;
  /** Clock of the time axis: UTC, or the reader's. */
  readonly tz?: typeof ZONES[number] | undefined;
  /** Overrides the cookie. */
  readonly theme?: typeof FIXED_THEMES[number] | undefined;
  readonly colors?: typeof PALETTES[number] | undefined;
  readonly candles?: typeof CANDLE_FILLS[number] | undefined;
  readonly overlays?: readonly Overlay[] | undefined;
  readonly type?: ChartType | undefined;
}

export interface ChartAddress extends SeriesRange, ChartLook {
  /** Keeps the interval, however many candles the range has. */
  readonly isPinned?: boolean | undefined;
  /** Page of the table of candles, from 1. */
  readonly page?: number | undefined;
}

/** Colours, which the address of any page may name. */
export type PageLook = Pick<ChartLook, "theme" | "colors" | "candles">;

/** The colours in an address; invalid values are left out, the page itself reports them. */
export function findLook(params: URLSearchParams): PageLook {
  const find = <Value extends string>(name: string, values: readonly Value[]) =>
    values.find((value) => value === params.get(name));
  return {
    theme: find("theme", FIXED_THEMES),
    colors: find("colors", PALETTES),
    candles: find("candles", CANDLE_FILLS),
  };
}

/** The parameters of an address, by name, defaults left out. */
export function chartParams(address: Partial<ChartAddress>): Param[] {
  const { symbol, interval, from, to, scale, tz, theme, colors, candles, type } = address;
  const { overlays = [], isPinned = false, page = 1, imported } = address;
  const params = {
    candles,
    colors,
    from: timeText(from),
    imported,
    interval,
    overlays: overlays.map(overlayName).join(),
    page: page > 1 ? `${page}` : "",
    pin: isPinned ? "1" : "",
    scale: scale === "linear" ? "" : scale,
    symbol,
    theme,
    to: timeText(to),
    type: type === "candles" ? "" : type,
    tz: tz === "utc" ? "" : tz,
  };
  return Object.entries(params).flatMap(([name, value]): Param[] => value ? [[name, value]] : []);
}

/**
 * The absolute address `href` with `change`: a member that is `undefined` leaves the address.
 * Unknown parameters stay.
 */
export function changedHref(href: string, change: Partial<ChartAddress>): string {
  const { origin, pathname, searchParams } = new URL(href);
  for (const name of Object.keys(change)) searchParams.delete(name === "isPinned" ? "pin" : name);
  for (const [name, value] of chartParams(change)) searchParams.set(name, value);
  return origin + pathname + queryText([...searchParams].sort(([a], [b]) => a < b ? -1 : 1));
}
