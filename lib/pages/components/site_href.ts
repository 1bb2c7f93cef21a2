import type { SeriesRange } from "../../core/chart_address.ts";
import { queryText, timeText } from "../../core/text/query_text.ts";

// Apart from `href.ts`, so that browsers load the grammar of the chart's address only when needed.

type Params = Readonly<Record<string, string | number | undefined>>;

/** An address of this site: `path` behind the base path, parameters in the order given. */
export function toHref(basePath: string, path: string, params: Params = {}): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  return `${basePath}${path}${queryText(given.map(([name, value]) => [name, `${value}`]))}`;
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

function rangeParams({ symbol, interval, from, to, imported }: SeriesRange): Params {
  return { symbol, interval, from: timeText(from), to: timeText(to), imported };
}
