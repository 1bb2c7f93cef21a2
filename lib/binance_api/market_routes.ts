import { invalidSymbol } from "../core/binance_params/api_error.ts";
import { readInfo } from "../core/binance_params/exchange_info_params.ts";
import { readSymbols } from "../core/binance_params/symbol_params.ts";
import { keepStatus, readStatus } from "../core/binance_params/status_filter.ts";
import type { TimeUnit } from "../core/binance_params/time_unit.ts";
import { intervalMs } from "../core/interval.ts";
import { bySymbol } from "../core/kline.ts";
import { REMOVED } from "../core/symbol_status.ts";
import type { SeriesExtent } from "../ports/kline_reader.ts";
import type { MarketSymbol } from "../ports/kline_source.ts";
import type { BinanceRoute } from "./binance_route.ts";
import type { Services } from "../http/define.ts";

/** GET /api/v3/ping. */
export const pingRoute: BinanceRoute = {
  weight: () => 1,
  answer({ params }) {
    params.refuseAll();
    return "{}";
  },
};

/** GET /api/v3/time: wick's estimate of the exchange's clock. */
export const timeRoute: BinanceRoute = {
  weight: () => 1,
  answer({ params, unit, services }) {
    params.refuseAll();
    return JSON.stringify({ serverTime: timeIn(services.exchange.serverTime(), unit) });
  },
};

/** GET /api/v3/exchangeInfo: the markets that wick keeps. */
export const exchangeInfoRoute: BinanceRoute = {
  weight: () => 20,
  async answer({ params, unit, services }) {
    const { names, status, permissions, showPermissionSets } = readInfo(params);
    const markets = (await findMarkets(services, names))
      .filter((market) => status === undefined || market.status === status)
      .filter(() => permissions.includes("SPOT"));
    return JSON.stringify({
      timezone: "UTC",
      serverTime: timeIn(services.exchange.serverTime(), unit),
      rateLimits: RATE_LIMITS,
      exchangeFilters: [],
      symbols: markets.map((market) => symbolInfo(market, showPermissionSets)),
    });
  },
};

/** GET /api/v3/ticker/price: the close of the open candle, or of the newest closed one. */
export const priceRoute: BinanceRoute = {
  weight: (params) => params.peek("symbol") === undefined ? 4 : 2,
  async answer({ params, services }) {
    const { names, isSingle } = readSymbols(params);
    const status = readStatus(params);
    params.finish();
    const listed = await findMarkets(services, names);
    const markets = keepStatus(listed, { status, isSingle }, (market) => market.status);
    const shortest = shortestSeries(await services.reader.extents({ symbols: names }));
    const prices = await Promise.all(markets.map(async ({ symbol }) => ({
      symbol,
      price: await lastPrice(services, shortest.get(symbol)),
    })));
    return JSON.stringify(isSingle ? prices[0] : prices);
  },
};

/** The exchange's limits. wick reports the used weight, and does not enforce these limits. */
const RATE_LIMITS = [
  { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: 6_000 },
  { rateLimitType: "RAW_REQUESTS", interval: "MINUTE", intervalNum: 5, limit: 61_000 },
];

/** Price of a market without a candle. */
const NO_PRICE = "0.00000000";

export function timeIn(timeMs: number, unit: TimeUnit): number {
  return unit === "us" ? timeMs * 1000 : timeMs;
}

/** @throws {ApiError} -1121 when one of the names is unknown */
export async function findMarkets(
  { reader }: Services,
  names: readonly string[] | undefined,
): Promise<readonly MarketSymbol[]> {
  // REMOVED is not a status of Binance.
  const markets = (await reader.symbols()).map((market) =>
    market.status === REMOVED ? { ...market, status: "BREAK" } : market
  );
  if (names === undefined) return markets;
  const known = bySymbol(markets);
  return names.map((name) => {
    const market = known.get(name);
    if (market === undefined) throw invalidSymbol();
    return market;
  });
}

function symbolInfo(market: MarketSymbol, showPermissionSets: boolean) {
  const { symbol, status, baseAsset, quoteAsset } = market;
  return {
    symbol,
    status,
    baseAsset,
    baseAssetPrecision: 8,
    quoteAsset,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: [],
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    quoteOrderQtyMarketAllowed: false,
    allowTrailingStop: false,
    cancelReplaceAllowed: false,
    amendAllowed: false,
    isSpotTradingAllowed: status === "TRADING",
    isMarginTradingAllowed: false,
    filters: market.filters ?? knownSteps(market),
    permissions: [],
    permissionSets: showPermissionSets ? [["SPOT"]] : [],
    defaultSelfTradePreventionMode: "NONE",
    allowedSelfTradePreventionModes: ["NONE"],
  };
}

/**
 * Filters of a symbol that was delisted before wick began to store filters. The bounds are unknown,
 * and are left out because clients take "0" for a limit.
 */
function knownSteps({ tickSize, stepSize }: MarketSymbol) {
  return [
    ...tickSize === undefined ? [] : [{ filterType: "PRICE_FILTER", tickSize }],
    ...stepSize === undefined ? [] : [{ filterType: "LOT_SIZE", stepSize }],
  ];
}

/** By symbol, the series with the shortest interval: its close is the newest price. */
function shortestSeries(extents: readonly SeriesExtent[]): Map<string, SeriesExtent> {
  const shortest = new Map<string, SeriesExtent>();
  for (const series of extents) {
    const known = shortest.get(series.symbol);
    const isShorter = known === undefined ||
      intervalMs(series.interval) < intervalMs(known.interval);
    if (series.lastOpenTime !== undefined && isShorter) shortest.set(series.symbol, series);
  }
  return shortest;
}

const CLOSE_PRICE = 4;

async function lastPrice(services: Services, series: SeriesExtent | undefined): Promise<string> {
  if (series?.lastOpenTime === undefined) return NO_PRICE;
  const open = await services.live.openRows(series, { closedTo: series.lastOpenTime });
  const { symbol, interval } = series;
  const row = open.at(-1) ??
    (await services.reader.rows({ symbol, interval, limit: 1 }))[0];
  return row === undefined ? NO_PRICE : JSON.parse(row)[CLOSE_PRICE];
}
