import { AppError } from "../core/errors.ts";
import { endOf, type Interval } from "../core/interval.ts";
import { type Kline, type Series, seriesName } from "../core/kline.ts";
import { PAGE_ROWS, REQUEST_WEIGHT as WEIGHT } from "../core/request_weight.ts";
import { type EpochMs, MINUTE_MS, SECOND_MS } from "../core/time.ts";
import type { Clock } from "../ports/host.ts";
import type { KlinePage, KlineSource, MarketList, PageQuery } from "../ports/kline_source.ts";
import type { DayVolume } from "../ports/symbol_list.ts";
import type { ExchangeAnswer, ExchangeRequest } from "./attempt.ts";
import { type ExchangeClock, readTime, type TimeReading } from "./exchange_clock.ts";
import { readDayVolumes } from "./day_volumes.ts";
import { readExchangeInfo } from "./exchange_info.ts";
import type { ExchangeHttp } from "./http.ts";
import { parseKlineRows, toAscending, toKline, toMs } from "./kline_row.ts";
import { requireSound } from "./kline_rules.ts";
import type { Oddities } from "./oddities.ts";
import type { OtherClocks } from "./time_witnesses.ts";
import type { RequestBudget } from "./weight.ts";

/**
 * Age up to which a clock reading is reused. An old reading only makes candles count as closed
 * later.
 */
const TIME_MAX_AGE_MS = 5 * SECOND_MS;
const KLINES = "/api/v3/klines";
/** Three times the size of the list of all symbols. */
const MAX_INFO_BYTES = 64e6;

export interface Exchange {
  /**
   * Makes a source that counts its own requests. All sources share one budget; background ones
   * leave a part of it unused.
   */
  open(options?: { readonly isBackground: boolean }): KlineSource;
}

/** Reads Binance spot's public market data over `http`. */
export function createExchange(options: ExchangeOptions): Exchange {
  return { open: (own) => new BinanceSource(options, own?.isBackground ?? false) };
}

export interface ExchangeOptions {
  readonly http: ExchangeHttp;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly oddities: Oddities;
  readonly exchangeClock: ExchangeClock;
  /** The clocks of other hosts; default none. */
  readonly otherClocks?: OtherClocks;
  /** Symbols whose newest candles confirm the time; default BTCUSDT. */
  readonly witnesses?: readonly string[];
  /**
   * Called with the accepted time whenever the exchange's clock was read, and with the time of the
   * request by this machine's clock.
   */
  readonly onServerTime?: (serverTime: EpochMs, askedAt: EpochMs) => void;
}

type Markets = Parameters<KlineSource["listDayVolumes"]>[0];

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
    const otherHosts = (host: string) => this.#shared.otherClocks?.(host, this.#onSent) ?? [];
    const reading = await readTimeOr(answer, otherHosts);
    const serverTime = await this.#shared.exchangeClock.judge(reading, {
      otherHosts,
      newestKline: () => this.#newestKline(signal),
    });
    this.#known = { serverTime, readAt };
    onServerTime?.(serverTime, readAt);
    return serverTime;
  }

  /** The newest open time of the first witness that is trading. */
  async #newestKline(signal: AbortSignal): Promise<EpochMs | undefined> {
    const opens: EpochMs[] = [];
    for (const symbol of this.#shared.witnesses ?? ["BTCUSDT"]) {
      const query = { symbol, interval: "1m", limit: 1 };
      try {
        const { json } = await this.#get({ path: KLINES, weight: WEIGHT.klines, query }, signal);
        opens.push(...parseKlineRows(json, symbol).map((row) => toMs(row[0])));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }
    return opens.length === 0 ? undefined : Math.max(...opens);
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

  async listDayVolumes(markets: Markets, signal: AbortSignal): Promise<DayVolume[]> {
    const { json } = await this.#get({
      path: "/api/v3/ticker/24hr",
      weight: WEIGHT.dayTickers,
      query: { type: "MINI" },
      maxBytes: MAX_INFO_BYTES,
    }, signal);
    return readDayVolumes(json, markets, this.#shared.oddities);
  }

  async page(series: Series, query: PageQuery, signal: AbortSignal): Promise<KlinePage> {
    const serverTime = await this.serverTime(signal);
    const { from, to, limit = PAGE_ROWS } = query;
    if (from !== undefined && to !== undefined && from >= to) return { klines: [], serverTime };
    const answer = await this.#get({
      path: KLINES,
      weight: WEIGHT.klines,
      query: {
        symbol: series.symbol,
        interval: series.interval,
        limit,
        ...from === undefined ? {} : { startTime: from },
        ...to === undefined ? {} : { endTime: to - 1 }, // inclusive at Binance
      },
    }, signal);
    const rows = parseKlineRows(answer.json, `klines of ${seriesName(series)}`);
    const received = rows.map(toKline);
    requireSound(received, series);
    const klines = toAscending(received);
    requireInside(klines, query, series);
    const isFull = klines.length >= limit;
    if (!isLastDoubtful(klines, { interval: series.interval, serverTime, to, isFull })) {
      return { klines, serverTime };
    }
    this.#known.readAt = -Infinity;
    return { klines, serverTime: Math.min(serverTime, await this.serverTime(signal)) };
  }

  #onSent = (weight: number) => {
    this.#usage.requests++;
    this.#usage.weight += weight;
  };

  async #get(request: ExchangeRequest, signal: AbortSignal): Promise<ExchangeAnswer> {
    const own = { isBackground: this.#isBackground, onSent: this.#onSent };
    const answer = await this.#shared.http({ ...request, ...own }, signal);
    this.#usage.host = answer.host;
    this.#usage.simulated = answer.simulated;
    return answer;
  }
}

/** The host's clock reading, or the first valid one of the other hosts. */
async function readTimeOr(
  answer: ExchangeAnswer,
  otherHosts: (host: string) => readonly TimeReading[] | Promise<readonly TimeReading[]>,
): Promise<TimeReading> {
  try {
    return readTime(answer);
  } catch (error) {
    const [other] = await otherHosts(answer.host);
    if (other === undefined) throw error;
    return other;
  }
}

/** Candles outside the requested range mean that a cache or proxy answered another request. */
function requireInside(klines: readonly Kline[], { from, to }: PageQuery, series: Series): void {
  const stranger = klines.find((kline) =>
    kline.openTime < (from ?? -Infinity) || kline.openTime >= (to ?? Infinity)
  );
  if (stranger === undefined) return;
  throw new AppError(
    "bad_payload",
    `Cannot read klines of ${seriesName(series)}: a row opens at ${stranger.openTime}, ` +
      "outside the requested range",
  );
}

interface PageEnd {
  readonly interval: Interval;
  /** The exchange's clock, read before the rows. */
  readonly serverTime: EpochMs;
  readonly to: EpochMs | undefined;
  readonly isFull: boolean;
}

/** The exchange's machines have different clocks, which are sometimes set back. */
const CLOCK_DOUBT_MS = MINUTE_MS;

/**
 * True if the last row may still be open although it has closed by the clock reading: it ended
 * just now, or the row after it is missing. Earlier rows have closed, because later rows exist.
 */
function isLastDoubtful(klines: readonly Kline[], page: PageEnd): boolean {
  const last = klines.at(-1);
  if (last === undefined) return false;
  const end = endOf(last.openTime, page.interval);
  if (end > page.serverTime) return false; // open by either clock
  const isCut = page.isFull || end >= (page.to ?? Infinity);
  return !isCut || page.serverTime - end < CLOCK_DOUBT_MS;
}
