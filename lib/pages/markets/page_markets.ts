import { z } from "zod";
import { intervalMs } from "../../core/interval.ts";
import { DAY_MS, type EpochMs } from "../../core/time.ts";
import type { Quote, SeriesExtent } from "../../ports/kline_reader.ts";
import type { Coin, CoinSupply, MarketCap, UnresolvedCoin } from "../../ports/market_caps.ts";
import { listQuotes, type QuoteRate, readQuoteRate } from "../../marketcap/quote_rate.ts";
import { readDayChanges } from "./day_changes.ts";
import { fittingInterval } from "../../chart/model/fitting_interval.ts";
import { findLook } from "../../core/chart_address.ts";
import { MARKET_SORTS } from "./market_rows.ts";
import { beginsAscending, MARKET_VIEWS, type MarketsAddress } from "./markets_href.ts";
import { type CapHistory, readCapHistory } from "./cap_history.ts";
import { capQuoteParam, capRangeParam } from "../../http/queries/cap_queries.ts";
import type { Services } from "../../http/define.ts";
import { integerParam, parseQuery } from "../../http/queries/query.ts";

const querySchema = z.object({
  view: z.enum(MARKET_VIEWS, `must be one of ${MARKET_VIEWS.join(", ")}`).default("pie"),
  quote: capQuoteParam,
  range: capRangeParam,
  sort: z.enum(MARKET_SORTS, `must be one of ${MARKET_SORTS.join(", ")}`).default("cap"),
  order: z.enum(["asc", "desc"], "must be asc or desc").optional(),
  refresh: integerParam(5, 3600).optional(),
});

/** @throws `invalid_input` for invalid parameters; unknown ones are ignored */
export function parseMarketsQuery(params: URLSearchParams): MarketsAddress {
  const { order, refresh, ...query } = parseQuery(params, querySchema, { allowsUnknown: true });
  return {
    ...query,
    refresh,
    look: findLook(params),
    isAscending: order === undefined ? beginsAscending(query.sort) : order === "asc",
  };
}

/** All data of the markets page, as stored. */
export interface MarketsData {
  readonly address: MarketsAddress;
  readonly coins: readonly Coin[];
  readonly unresolved: readonly UnresolvedCoin[];
  readonly caps: readonly MarketCap[];
  readonly supplies: readonly CoinSupply[];
  /** Of the price in US dollars over 24 hours, by coin. */
  readonly changes: ReadonlyMap<string, number>;
  /** Of the last week. */
  readonly quotes: readonly Quote[];
  readonly markets: readonly SeriesExtent[];
  readonly history: CapHistory;
  readonly rate: QuoteRate;
  /** Other assets to choose from. */
  readonly quoteChoices: readonly string[];
  readonly now: EpochMs;
}

/** @throws `store_unavailable` */
export async function readMarkets(
  services: Services,
  address: MarketsAddress,
): Promise<MarketsData> {
  const { settings, directory, marketCaps, capHistory, reader, now } = services;
  const list = await directory.list();
  const { coins, unresolved } = list;
  const time = now();
  const symbols = coins.map(({ symbol }) => symbol);
  const interval = fittingInterval({ from: time - WEEK_MS, to: time }, {
    interval: settings.intervals[0]!,
    held: settings.intervals.map((interval) => ({ interval, firstOpenTime: 0 })),
    isPinned: false,
    most: MAX_CLOSES,
  });
  const [rate, rates, caps, supplies, changes, quotes, markets, history] = await Promise.all([
    readQuoteRate(marketCaps, list, { quote: address.quote, now: time }),
    marketCaps.rates(),
    marketCaps.newest(coins),
    capHistory.supplies(coins),
    readDayChanges(services, coins),
    reader.quotes(symbols, interval, Math.max(2, Math.ceil(WEEK_MS / intervalMs(interval)))),
    reader.extents({ symbols }),
    readCapHistory(capHistory, coins, { range: address.range, now: time }),
  ]);
  return {
    address,
    coins,
    unresolved,
    caps,
    supplies,
    changes,
    quotes: quotes.filter(({ lastOpenTime }) => lastOpenTime > time - WEEK_MS),
    markets,
    history,
    rate,
    quoteChoices: listQuotes(list, rates, time),
    now: time,
  };
}

const WEEK_MS = 7 * DAY_MS;
/** Maximum closes of a sparkline, limited by its pixels. */
const MAX_CLOSES = 200;
