import { type Kline, type Series, seriesName } from "../core/kline.ts";
import { MINUTE_MS, SECOND_MS } from "../core/time.ts";
import type { Clock } from "../ports/host.ts";
import type { LiveSource } from "../ports/live.ts";
import { klinesSchema } from "./binance_schema.ts";
import type { ExchangeHttp } from "./http.ts";
import { toAscending, toKline } from "./kline_row.ts";
import { requireSound } from "./kline_rules.ts";
import { parsePayload } from "./parse_payload.ts";
import type { RequestBudget } from "./weight.ts";

export interface LivePollerOptions {
  readonly http: ExchangeHttp;
  readonly budget: RequestBudget;
  readonly clock: Clock;
}

const WEIGHT = 2;
/** The exchange's stream sends candles of a minute and longer at this pace. */
const MIN_PAUSE_MS = 2 * SECOND_MS;
/** Share of each minute's weight; the collector uses the rest. */
const SHARE = 0.25;
/** At 1s several candles close between two requests. */
const ROWS = 5;

/** Polls the newest candles every two seconds, or less often when many series are watched. */
export function createLivePoller({ http, budget, clock }: LivePollerOptions): LiveSource {
  let watched = 0;

  function pauseMs(): number {
    const perMinute = budget.used().limit * SHARE / WEIGHT;
    return Math.max(MIN_PAUSE_MS, watched * MINUTE_MS / perMinute);
  }

  return {
    async *watch(series: Series, signal: AbortSignal): AsyncGenerator<readonly Kline[]> {
      const { symbol, interval } = series;
      const query = { symbol, interval, limit: ROWS };
      watched++;
      try {
        while (!signal.aborted) {
          const start = clock.now();
          const { json } = await http({ path: "/api/v3/klines", weight: WEIGHT, query }, signal);
          const rows = parsePayload(klinesSchema, json, `klines of ${seriesName(series)}`);
          const klines = rows.map(toKline);
          requireSound(klines, series);
          yield toAscending(klines);
          await clock.sleep(Math.max(0, start + pauseMs() - clock.now()), signal);
        }
      } finally {
        watched--;
      }
    },
  };
}
