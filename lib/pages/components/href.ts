import { type Overlay, overlayName } from "../../chart/model/overlay.ts";
import type { Interval } from "../../core/interval.ts";
import { type EpochMs, toIso } from "../../core/time.ts";

/** Candles of a series; without `from` and `to` the newest ones. */
export interface SeriesRange {
  readonly symbol: string;
  readonly interval: Interval;
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}

export const SCALES = ["linear", "log"] as const;
export const ZONES = ["utc", "local"] as const;
export const FIXED_THEMES = ["light", "dark"] as const;
export const PALETTES = ["blue", "inverse"] as const;
export const CANDLE_FILLS = ["hollow", "solid"] as const;

/** Appearance of a chart; omitted values are defaults. */
export interface ChartLook {
  readonly scale?: typeof SCALES[number] | undefined;
  /** Time zone of the time axis: UTC, or the browser's. */
  readonly tz?: typeof ZONES[number] | undefined;
  /** Overrides the cookie. */
  readonly theme?: typeof FIXED_THEMES[number] | undefined;
  readonly colors?: typeof PALETTES[number] | undefined;
  readonly candles?: typeof CANDLE_FILLS[number] | undefined;
  readonly overlays?: readonly Overlay[] | undefined;
}

/** Content of a chart's URL. */
export interface ChartAddress extends SeriesRange, ChartLook {
  /** Keeps the interval, whatever the number of candles in the range. */
  readonly isPinned?: boolean | undefined;
  /** Page of the table, starting at 1. */
  readonly page?: number | undefined;
}

/** Colour parameters of any page's URL. */
export type PageLook = Pick<ChartLook, "theme" | "colors" | "candles">;

/** Parses colour parameters for the page's frame; the route itself rejects invalid ones. */
export function findLook(params: URLSearchParams): PageLook {
  const find = <Value extends string>(name: string, values: readonly Value[]) =>
    values.find((value) => value === params.get(name));
  return {
    theme: find("theme", FIXED_THEMES),
    colors: find("colors", PALETTES),
    candles: find("candles", CANDLE_FILLS),
  };
}

type Params = Readonly<Record<string, string | number | undefined>>;

/** Builds all of the site's URLs: `path` below the base path, with parameters. */
export function toHref(basePath: string, path: string, params: Params = {}): string {
  const query = Object.entries(params).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encoded(`${value}`)}`);
  return `${basePath}${path}${query.length > 0 ? `?${query.join("&")}` : ""}`;
}

function encoded(value: string): string {
  if (/^[\w:,.-]*$/.test(value)) return value; // nearly all texts are
  return encodeURIComponent(value).replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/** Canonical URL: parameters sorted by name, defaults omitted. */
export function chartHref(basePath: string, address: ChartAddress): string {
  return toHref(basePath, "/charts", Object.fromEntries(chartParams(address)));
}

/** The parameters of a chart's URL, sorted by name; also used by forms. */
export function chartParams(address: ChartAddress): [name: string, value: string][] {
  const { symbol, interval, from, to, scale, tz, theme, colors, candles } = address;
  const { overlays = [], isPinned = false, page = 1 } = address;
  const params: Params = {
    candles,
    colors,
    from: timeParam(from),
    interval,
    overlays: overlays.map(overlayName).join() || undefined,
    page: page > 1 ? page : undefined,
    pin: isPinned ? 1 : undefined,
    scale: scale === "linear" ? undefined : scale,
    symbol,
    theme,
    to: timeParam(to),
    tz: tz === "utc" ? undefined : tz,
  };
  return Object.entries(params).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, `${value}`]]
  );
}

/** CSV of closed candles. */
export function exportHref(basePath: string, range: SeriesRange): string {
  return toHref(basePath, "/export", rangeParams(range));
}

/** Candles as JSON columns. */
export function candlesHref(basePath: string, range: SeriesRange, limit: number): string {
  return toHref(basePath, "/api/candles", { ...rangeParams(range), limit });
}

/** Gaps of a series, as JSON. */
export function gapsHref(basePath: string, { symbol, interval }: SeriesRange): string {
  return toHref(basePath, "/api/gaps", { symbol, interval });
}

/** The open candle of a series, as server-sent events. */
export function liveHref(basePath: string, { symbol, interval }: SeriesRange): string {
  return toHref(basePath, "/api/live", { symbol, interval });
}

/** The open candle of a series alone, or the newest closed one. */
export function newestHref(basePath: string, { symbol, interval }: SeriesRange): string {
  return toHref(basePath, "/api/v3/klines", { symbol, interval, limit: "1" });
}

function rangeParams({ symbol, interval, from, to }: SeriesRange): Params {
  return { symbol, interval, from: timeParam(from), to: timeParam(to) };
}

/** `2026-01-31T14:00Z`, longer only if necessary. */
function timeParam(time: EpochMs | undefined): string | undefined {
  return time === undefined ? undefined : toIso(time).replace(/\.000Z$/, "Z").replace(/:00Z$/, "Z");
}
