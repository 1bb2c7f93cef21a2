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

/** How a chart looks; what is not said is the default. */
export interface ChartLook {
  readonly scale?: typeof SCALES[number] | undefined;
  /** Clock of the time axis: UTC, or the reader's. */
  readonly tz?: typeof ZONES[number] | undefined;
  /** Stronger than the cookie. */
  readonly theme?: typeof FIXED_THEMES[number] | undefined;
  readonly colors?: typeof PALETTES[number] | undefined;
  readonly candles?: typeof CANDLE_FILLS[number] | undefined;
  readonly overlays?: readonly Overlay[] | undefined;
}

/** What a chart's address says. */
export interface ChartAddress extends SeriesRange, ChartLook {
  /** Keeps the interval, however many candles the range has. */
  readonly isPinned?: boolean | undefined;
  /** Of the table of candles, from 1 on. */
  readonly page?: number | undefined;
}

/** What the address of any page may say of its colours. */
export type PageLook = Pick<ChartLook, "theme" | "colors" | "candles">;

/** What an address says of colours, for the frame around whatever it leads to; errors say the rest. */
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

/** Every address of ours that pages name: `path` behind the base path, parameters as given. */
export function toHref(basePath: string, path: string, params: Params = {}): string {
  const query = Object.entries(params).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encoded(`${value}`)}`);
  return `${basePath}${path}${query.length > 0 ? `?${query.join("&")}` : ""}`;
}

function encoded(value: string): string {
  if (/^[\w:,.-]*$/.test(value)) return value; // nearly all are
  return encodeURIComponent(value).replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/** Canonical: parameters by name, those that say the default left out. */
export function chartHref(basePath: string, address: ChartAddress): string {
  return toHref(basePath, "/charts", Object.fromEntries(chartParams(address)));
}

/** The parameters of a chart's address, in the order of their names; forms carry on with them. */
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

/** The moving candle of a series, as server-sent events. */
export function liveHref(basePath: string, { symbol, interval }: SeriesRange): string {
  return toHref(basePath, "/api/live", { symbol, interval });
}

/** The open candle of a series alone, or its newest closed one. */
export function newestHref(basePath: string, { symbol, interval }: SeriesRange): string {
  return toHref(basePath, "/api/v3/klines", { symbol, interval, limit: "1" });
}

function rangeParams({ symbol, interval, from, to }: SeriesRange): Params {
  return { symbol, interval, from: timeParam(from), to: timeParam(to) };
}

/** `2026-01-31T14:00Z`, longer only where it must be. */
function timeParam(time: EpochMs | undefined): string | undefined {
  return time === undefined ? undefined : toIso(time).replace(/\.000Z$/, "Z").replace(/:00Z$/, "Z");
}
