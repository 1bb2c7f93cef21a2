import { type EpochMs, MINUTE_MS, toIso } from "../../../lib/core/time.ts";
import { type Answer, type Incoming, jsonAnswer } from "../answer.ts";
import type { Listings } from "../market/listings.ts";
import { type CoinMarket, coinMarkets } from "./coin_market.ts";
import { PER_DOLLAR } from "./coins.ts";

const LISTINGS = "/v1/cryptocurrency/listings/latest";
const MAP = "/v1/cryptocurrency/map";
const QUOTES = "/v2/cryptocurrency/quotes/latest";
const CONVERSION = "/v2/tools/price-conversion";

export function isCoinMarketCapPath(path: string): boolean {
  return [LISTINGS, MAP, QUOTES, CONVERSION].includes(path);
}

/** GET of pro-api.coinmarketcap.com: listings, map and quotes; any key is accepted. */
export function answerCoinMarketCap(listings: Listings, request: Incoming, now: EpochMs): Answer {
  const params = new URLSearchParams(request.query);
  const key = request.header("x-cmc_pro_api_key");
  if (!key) return refusal(now, { status: 401, code: 1001, message: "This API Key is invalid." });
  if (request.path === CONVERSION) return answerConversion(params, now);
  const markets = coinMarkets(listings, now);
  if (request.path === MAP) return answerMap(markets, params, now);
  return request.path === QUOTES
    ? answerQuotes(markets, params, now)
    : answerListings(markets, params, now);
}

/** Coins by ticker, of which an unknown one fails the whole request, or all, by rank. */
function answerMap(markets: readonly CoinMarket[], params: URLSearchParams, now: EpochMs): Answer {
  const first = Number(params.get("start") ?? 1) - 1;
  const page = markets.slice(first, first + Number(params.get("limit") ?? 100));
  const wanted = params.get("symbol")?.split(",") ?? page.map(({ coin }) => coin.base);
  const unknown = wanted.filter((symbol) => !markets.some(({ coin }) => coin.base === symbol));
  if (unknown.length > 0) {
    const message = `Invalid values for "symbol": "${unknown.join()}"`;
    return refusal(now, { status: 400, code: 400, message });
  }
  const data = markets.filter(({ coin }) => wanted.includes(coin.base))
    .map(({ coin, rank }) => ({
      id: coin.cmcId,
      rank,
      name: coin.name,
      symbol: coin.base,
      slug: coin.slug,
      is_active: 1,
    }));
  return jsonAnswer({ status: statusOf(now, 0, null), data });
}

/** Coins by ID, as an object with one entry each. */
function answerQuotes(markets: readonly CoinMarket[], params: URLSearchParams, now: EpochMs) {
  const ids = params.get("id")?.split(",").map(Number) ?? [];
  const found = markets.filter(({ coin }) => ids.includes(coin.cmcId))
    .map((market) => [market.coin.cmcId, toCoin(market, now)]);
  return jsonAnswer({ status: statusOf(now, 0, null), data: Object.fromEntries(found) });
}

function answerListings(
  markets: readonly CoinMarket[],
  params: URLSearchParams,
  now: EpochMs,
): Answer {
  const limit = Number(params.get("limit") ?? 100);
  const data = markets.slice(0, limit).map((market) => toCoin(market, now));
  return jsonAnswer({ status: statusOf(now, 0, null), data });
}

/** One unit of a currency in US dollars. */
function answerConversion(params: URLSearchParams, now: EpochMs): Answer {
  const symbol = params.get("symbol") ?? "";
  const [, per] = Object.entries(PER_DOLLAR).find(([code]) => code === symbol.toLowerCase()) ?? [];
  if (per === undefined) {
    return refusal(now, { status: 400, code: 400, message: 'Invalid value for "symbol"' });
  }
  const data = [{ symbol, amount: 1, quote: { USD: { price: 1 / per } } }];
  return jsonAnswer({ status: statusOf(now, 0, null), data });
}

interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

function refusal(now: EpochMs, { status, code, message }: Refusal): Answer {
  return jsonAnswer({ status: statusOf(now, code, message) }, status);
}

function statusOf(now: EpochMs, code: number, message: string | null) {
  return { timestamp: toIso(now), error_code: code, error_message: message };
}

function toCoin({ coin, price, marketCap, rank }: CoinMarket, now: EpochMs) {
  const last_updated = toIso(Math.floor(now / MINUTE_MS) * MINUTE_MS);
  return {
    id: coin.cmcId,
    name: coin.name,
    symbol: coin.base,
    slug: coin.slug,
    circulating_supply: coin.supply,
    cmc_rank: rank,
    last_updated,
    quote: { USD: { price, market_cap: marketCap, last_updated } },
  };
}

/** CoinMarketCap's 429. */
export function coinMarketCapLimited(now: EpochMs): Answer {
  return refusal(now, {
    status: 429,
    code: 1008,
    message:
      "You've exceeded your API Key's HTTP request rate limit. Rate limits reset every minute.",
  });
}
