import { type EpochMs, MINUTE_MS, toIso } from "../../../lib/core/time.ts";
import { type Answer, type Incoming, jsonAnswer } from "../answer.ts";
import type { Listings } from "../market/listings.ts";
import { type CoinMarket, coinMarkets, SPANS } from "./coin_market.ts";

const LISTINGS = "/v1/cryptocurrency/listings/latest";
const MAP = "/v1/cryptocurrency/map";
const QUOTES = "/v2/cryptocurrency/quotes/latest";

export function isCoinMarketCapPath(path: string): boolean {
  return [LISTINGS, MAP, QUOTES].includes(path);
}

/** GET of pro-api.coinmarketcap.com: listings, map and quotes; any key will do. */
export function answerCoinMarketCap(listings: Listings, request: Incoming, now: EpochMs): Answer {
  const params = new URLSearchParams(request.query);
  const key = request.header("x-cmc_pro_api_key") ?? params.get("CMC_PRO_API_KEY");
  if (!key) return refusal(now, { status: 401, code: 1001, message: "This API Key is invalid." });
  const markets = coinMarkets(listings, now);
  if (request.path === MAP) return answerMap(markets, params, now);
  return request.path === QUOTES
    ? answerQuotes(markets, params, now)
    : answerListings(markets, params, now);
}

/** Coins by ticker: one that is not listed fails the whole list. */
function answerMap(markets: readonly CoinMarket[], params: URLSearchParams, now: EpochMs): Answer {
  const wanted = params.get("symbol")?.split(",") ?? [];
  const unknown = wanted.filter((symbol) => !markets.some(({ coin }) => coin.base === symbol));
  if (unknown.length > 0) {
    const message = `Invalid values for "symbol": "${unknown.join()}"`;
    return refusal(now, { status: 400, code: 400, message });
  }
  const data = markets.filter(({ coin }) => wanted.length === 0 || wanted.includes(coin.base))
    .map(({ coin, rank }) => ({
      id: coin.cmcId,
      rank,
      name: coin.name,
      symbol: coin.base,
      slug: coin.slug,
      is_active: 1,
      first_historical_data: coin.added,
      last_historical_data: toIso(now),
      platform: null,
    }));
  return jsonAnswer({ status: statusOf(now, {}), data });
}

/** Coins by id, as an object with an entry for each. */
function answerQuotes(markets: readonly CoinMarket[], params: URLSearchParams, now: EpochMs) {
  const ids = params.get("id")?.split(",").map(Number) ?? [];
  const found = markets.flatMap((market, i) =>
    ids.includes(market.coin.cmcId) ? [[market.coin.cmcId, toCoin(market, i + 1, now)]] : []
  );
  return jsonAnswer({ status: statusOf(now, {}), data: Object.fromEntries(found) });
}

function answerListings(
  all: readonly CoinMarket[],
  params: URLSearchParams,
  now: EpochMs,
): Answer {
  const convert = params.get("convert") ?? "USD";
  const start = Number(params.get("start") ?? 1);
  const limit = Number(params.get("limit") ?? 100);
  const problem = convert !== "USD"
    ? `Invalid value for "convert": "${convert}"`
    : !isWithin(start, Infinity)
    ? '"start" must be larger than or equal to 1'
    : !isWithin(limit, 5_000)
    ? '"limit" must be between 1 and 5000'
    : undefined;
  if (problem !== undefined) return refusal(now, { status: 400, code: 400, message: problem });
  const data = all.slice(start - 1, start - 1 + limit).map((market, i) =>
    toCoin(market, start + i, now)
  );
  return jsonAnswer({ status: statusOf(now, { total: all.length }), data });
}

function isWithin(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}

interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

function refusal(now: EpochMs, { status, code, message }: Refusal): Answer {
  return jsonAnswer({ status: statusOf(now, { code, message }) }, status);
}

function statusOf(
  now: EpochMs,
  { code = 0, message, total }: { code?: number; message?: string; total?: number },
) {
  return {
    timestamp: toIso(now),
    error_code: code,
    error_message: message ?? null,
    elapsed: 12,
    credit_count: code === 0 ? 1 : 0,
    notice: null,
    ...total !== undefined && { total_count: total },
  };
}

function toCoin(
  { coin, price, volume, marketCap, changeSince }: CoinMarket,
  place: number,
  now: EpochMs,
) {
  const last_updated = toIso(Math.floor(now / MINUTE_MS) * MINUTE_MS);
  return {
    id: coin.cmcId,
    name: coin.name,
    symbol: coin.base,
    slug: coin.slug,
    num_market_pairs: 1000 - place,
    date_added: coin.added,
    tags: [],
    max_supply: coin.max,
    circulating_supply: coin.circulating,
    total_supply: coin.total,
    platform: null,
    cmc_rank: place,
    last_updated,
    quote: {
      USD: {
        price,
        volume_24h: volume,
        percent_change_1h: changeSince(SPANS["1h"]),
        percent_change_24h: changeSince(SPANS["24h"]),
        percent_change_7d: changeSince(SPANS["7d"]),
        percent_change_30d: changeSince(SPANS["30d"]),
        percent_change_60d: changeSince(SPANS["60d"]),
        percent_change_90d: changeSince(SPANS["90d"]),
        market_cap: marketCap,
        last_updated,
      },
    },
  };
}

/** What CoinMarketCap says to who asks too often. */
export function coinMarketCapLimited(now: EpochMs): Answer {
  return refusal(now, {
    status: 429,
    code: 1008,
    message:
      "You've exceeded your API Key's HTTP request rate limit. Rate limits reset every minute.",
  });
}
