import type { Interval } from "../core/interval.ts";
import { intervalMs } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import { REQUEST_WEIGHT } from "../core/request_weight.ts";
import { MINUTE_MS } from "../core/time.ts";

/**
 * Share of the allowed request weight up to which the closes of an interval are fetched by REST: 30
 * symbols at 1m, 150 at 5m, 1,800 at 1h.
 */
const REST_SHARE = 0.01;

/**
 * The intervals whose closed candles come from streams: those whose closes would need more than one
 * percent of the request weight if each was fetched. The collector runs once a minute, so shorter
 * intervals cost as much as 1m.
 */
export function streamedIntervals(
  series: readonly Series[],
  weightLimit: number,
): ReadonlySet<Interval> {
  const byInterval = Map.groupBy(series, ({ interval }) => interval);
  const streamed = [...byInterval].filter(([interval, own]) => {
    const rounds = MINUTE_MS / Math.max(MINUTE_MS, intervalMs(interval));
    return own.length * REQUEST_WEIGHT.klines * rounds > weightLimit * REST_SHARE;
  });
  return new Set(streamed.map(([interval]) => interval));
}
