import { AppError } from "../core/errors.ts";
import { endOf, type Interval } from "../core/interval.ts";
import { type Kline, type Series, seriesName } from "../core/kline.ts";
import { PAGE_ROWS, REQUEST_WEIGHT as WEIGHT } from "../core/request_weight.ts";
import { type EpochMs, MINUTE_MS, SECOND_MS } from "../core/time.ts";
import type { Clock } from "../ports/host.ts";
import type { KlinePage, KlineSource, MarketList, PageQuery } from "../ports/kline_source.ts";
import type { ExchangeAnswer, ExchangeRequest } from "./attempt.ts";
import { klinesSchema, timeSchema } from "./binance_schema.ts";
import { readExchangeInfo } from "./exchange_info.ts";
import type { ExchangeHttp } from "./http.ts";
import { toAscending, toKline, toMs } from "./kline_row.ts";
import type { Oddities } from "./oddities.ts";
import { parsePayload } from "./parse_payload.ts";
import type { RequestBudget } from "./weight.ts";

/** A clock reading that is a little old is safe: candles only count as closed later. */
const TIME_MAX_AGE_MS = 5 * SECOND_MS;
/** Three times what the list of all symbols has. */
const MAX_INFO_BYTES = 64e6;

export interface Exchange {
  /** A source that counts its own requests; all share one budget, of which background ones leave a part. */
  open(options?: { readonly isBackground: boolean }): KlineSource;
}

/** Binance spot's public market data over `http`. */
export function createExchange(options: ExchangeOptions): Exchange {
  return { open: (own) => new BinanceSource(options, own?.isBackground ?? false) };
}

export interface ExchangeOptions {
  readonly http: ExchangeHttp;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly oddities: Oddities;
  /** Told each reading of the exchange's clock. */
  readonly onServerTime?: (serverTime: EpochMs) => void;
}

class BinanceSource implements KlineSource {
  #shared: ExchangeOptions;
  #isBackground: boolean;
  #known = { serverTime: 0, readAt: -Infinity };
  #usage = {
    requests: 0,
    weight: 0,
    host: undefined as string | undefined,
    simulated: undefined as string | undefined,
  };

  constructor(shared: ExchangeOptions, isBackground: boolean) {
    this.#shared = shared;
    this.#isBackground = isBackground;
  }

  usage() {
    return { ...this.#usage };
  }

  async serverTime(signal: AbortSignal): Promise<EpochMs> {
    const { clock, onServerTime } = this.#shared;
    const age = clock.now() - this.#known.readAt;
    if (age >= 0 && age < TIME_MAX_AGE_MS) return this.#known.serverTime;
    const readAt = clock.now();
    const answer = await this.#get({ path: "/api/v3/time", weight: WEIGHT.time }, signal);
    const { serverTime } = parsePayload(timeSchema, answer.json, "the exchange's clock");
    this.#known = { serverTime: toMs(serverTime), readAt };
    onServerTime?.(this.#known.serverTime);
    return this.#known.serverTime;
  }

  async listSymbols(signal: AbortSignal): Promise<MarketList> {
    const request = {
      path: "/api/v3/exchangeInfo",
      weight: WEIGHT.exchangeInfo,
      maxBytes: MAX_INFO_BYTES,
    };
    const { json } = await this.#get(request, signal);
    const { minuteLimit, ...list } = readExchangeInfo(json, this.#shared.oddities);
    if (minuteLimit !== undefined) this.#shared.budget.setLimit(minuteLimit);
    return list;
  }

  async page(series: Series, query: PageQuery, signal: AbortSignal): Promise<KlinePage> {
    const serverTime = await this.serverTime(signal);
    const { from, to, limit = PAGE_ROWS } = query;
    if (from !== undefined && to !== undefined && from >= to) return { klines: [], serverTime };
    const answer = await this.#get({
      path: "/api/v3/klines",
      weight: WEIGHT.klines,
      query: {
        symbol: series.symbol,
        interval: series.interval,
        limit,
        ...from === undefined ? {} : { startTime: from },
        ...to === undefined ? {} : { endTime: to - 1 }, // inclusive over there
      },
    }, signal);
    const rows = parsePayload(klinesSchema, answer.json, `klines of ${seriesName(series)}`);
    const klines = toAscending(rows.map(toKline));
    requireInside(klines, query, series);
    const isFull = klines.length >= limit;
    if (!isLastDoubtful(klines, { interval: series.interval, serverTime, to, isFull })) {
      return { klines, serverTime };
    }
    this.#known.readAt = -Infinity;
    return { klines, serverTime: Math.min(serverTime, await this.serverTime(signal)) };
  }

  async #get(request: ExchangeRequest, signal: AbortSignal): Promise<ExchangeAnswer> {
    const onSent = (weight: number) => {
      this.#usage.requests++;
      this.#usage.weight += weight;
    };
    const isBackground = this.#isBackground;
    const answer = await this.#shared.http({ ...request, isBackground, onSent }, signal);
    this.#usage.host = answer.host;
    this.#usage.simulated = answer.simulated;
    return answer;
  }
}

/** Candles that were not asked for mean that somebody in between answered for another request. */
function requireInside(klines: readonly Kline[], { from, to }: PageQuery, series: Series): void {
  const stranger = klines.find((kline) =>
    kline.openTime < (from ?? -Infinity) || kline.openTime >= (to ?? Infinity)
  );
  if (stranger === undefined) return;
  throw new AppError(
    "bad_payload",
    `Cannot read klines of ${seriesName(series)}: a row opens at ${stranger.openTime}, ` +
      "outside the range that was asked for",
  );
}

interface PageEnd {
  readonly interval: Interval;
  /** As read before the rows. */
  readonly serverTime: EpochMs;
  readonly to: EpochMs | undefined;
  readonly isFull: boolean;
}

/** Clocks of the exchange's machines differ, and are set back now and then. */
const CLOCK_DOUBT_MS = MINUTE_MS;

/**
 * Whether the last row counts as closed by a clock that may have been ahead of the rows: it has
 * ended just now, or the row after it should be there and is not. Rows before it have closed, or
 * there would be none after them.
 */
function isLastDoubtful(klines: readonly Kline[], page: PageEnd): boolean {
  const last = klines.at(-1);
  if (last === undefined) return false;
  const end = endOf(last.openTime, page.interval);
  if (end > page.serverTime) return false; // it moves by either clock
  const isCut = page.isFull || end >= (page.to ?? Infinity);
  return !isCut || page.serverTime - end < CLOCK_DOUBT_MS;
}
