import type { Interval } from "../core/interval.ts";
import { type EpochMs, toIso } from "../core/time.ts";

/** What a chart's address says; without `from` and `to` it shows the newest candles. */
export interface ChartAddress {
  readonly symbol: string;
  readonly interval: Interval;
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}

type Params = Readonly<Record<string, string | number | undefined>>;

/** Every address of ours that pages name: `path` behind the base path, parameters as given. */
export function toHref(basePath: string, path: string, params: Params = {}): string {
  const query = Object.entries(params).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value!).replaceAll("%3A", ":")}`);
  return `${basePath}${path}${query.length > 0 ? `?${query.join("&")}` : ""}`;
}

export function chartHref(basePath: string, address: ChartAddress): string {
  return toHref(basePath, "/charts", seriesParams(address));
}

/** CSV of closed candles. */
export function exportHref(basePath: string, address: ChartAddress): string {
  return toHref(basePath, "/export", seriesParams(address));
}

/** Candles as JSON columns. */
export function candlesHref(basePath: string, address: ChartAddress, limit: number): string {
  return toHref(basePath, "/api/candles", { ...seriesParams(address), limit });
}

function seriesParams({ symbol, interval, from, to }: ChartAddress): Params {
  return { symbol, interval, from: timeParam(from), to: timeParam(to) };
}

/** `2026-01-31T14:00Z`, longer only where it must be. */
function timeParam(time: EpochMs | undefined): string | undefined {
  return time === undefined ? undefined : toIso(time).replace(/\.000Z$/, "Z").replace(/:00Z$/, "Z");
}
