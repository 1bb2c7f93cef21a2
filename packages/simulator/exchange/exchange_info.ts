import { readInfo } from "../../../lib/core/binance_params/exchange_info_params.ts";
import type { EpochMs } from "../../../lib/core/time.ts";
import { type Answer, jsonAnswer } from "../answer.ts";
import type { Listing } from "../market/listings.ts";
import { findListings, type RouteContext, timeIn } from "./route.ts";

const PERMISSIONS = ["SPOT", "MARGIN"];

/** GET /api/v3/exchangeInfo. */
export function answerExchangeInfo({ exchange, params, unit, now }: RouteContext): Answer {
  const request = readInfo(params);
  const listings = findListings(exchange.listings, request.names, now)
    .filter((listing) => request.status === undefined || listing.status(now) === request.status)
    .filter(() => request.permissions.some((name) => PERMISSIONS.includes(name)));
  return jsonAnswer({
    timezone: "UTC",
    serverTime: timeIn(now, unit),
    rateLimits: rateLimits(exchange.weightLimit),
    exchangeFilters: [],
    symbols: listings.map((listing) => symbolInfo(listing, now, request.showPermissionSets)),
  });
}

function rateLimits(weightLimit: number) {
  return [
    { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: weightLimit },
    { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: 100 },
    { rateLimitType: "ORDERS", interval: "DAY", intervalNum: 1, limit: 200_000 },
    { rateLimitType: "RAW_REQUESTS", interval: "MINUTE", intervalNum: 5, limit: 61_000 },
  ];
}

function symbolInfo(listing: Listing, now: EpochMs, showPermissionSets: boolean) {
  const { market } = listing;
  return {
    symbol: market.symbol,
    status: listing.status(now),
    baseAsset: market.base,
    baseAssetPrecision: 8,
    quoteAsset: market.quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"],
    icebergAllowed: true,
    ocoAllowed: true,
    otoAllowed: true,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: true,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: true,
    filters: filters(market.tickSize, market.stepSize),
    permissions: [],
    permissionSets: showPermissionSets ? [PERMISSIONS] : [],
    defaultSelfTradePreventionMode: "EXPIRE_MAKER",
    allowedSelfTradePreventionModes: ["EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT"],
  };
}

function filters(tickSize: string, stepSize: string) {
  return [
    { filterType: "PRICE_FILTER", minPrice: tickSize, maxPrice: "1000000.00000000", tickSize },
    { filterType: "LOT_SIZE", minQty: stepSize, maxQty: "9000000.00000000", stepSize },
    { filterType: "ICEBERG_PARTS", limit: 10 },
    {
      filterType: "NOTIONAL",
      minNotional: "5.00000000",
      applyMinToMarket: true,
      maxNotional: "9000000.00000000",
      applyMaxToMarket: false,
      avgPriceMins: 5,
    },
    { filterType: "MAX_NUM_ORDERS", maxNumOrders: 200 },
    { filterType: "MAX_NUM_ALGO_ORDERS", maxNumAlgoOrders: 5 },
  ];
}
