import { type EpochMs, MINUTE_MS, toIso } from "../../../lib/core/time.ts";
import { type Answer, type Incoming, jsonAnswer } from "../answer.ts";
import type { Listings } from "../market/listings.ts";
import { type CoinMarket, coinMarkets } from "./coin_market.ts";
import { COINS, PER_DOLLAR } from "./coins.ts";

const MARKETS = "/api/v3/coins/markets";
const LIST = "/api/v3/coins/list";
const RATES = "/api/v3/exchange_rates";

export function isCoinGeckoPath(path: string): boolean {
  return [MARKETS, LIST, RATES].includes(path);
}

/** GET of api.coingecko.com: market data, the list of all coins, and exchange rates. */
export function answerCoinGecko(listings: Listings, request: Incoming, now: EpochMs): Answer {
  if (request.path === LIST) return answerList(request);
  if (request.path === RATES) return answerRates(listings, now);
  return answerMarkets(listings, request, now);
}

const MAX_PER_PAGE = 250;

/**
 * A bare array, in US dollars, largest market cap first. Reads `ids`, `symbols` and `per_page`.
 */
function answerMarkets(listings: Listings, request: Incoming, now: EpochMs): Answer {
  const params = new URLSearchParams(request.query);
  if (!params.get("vs_currency")) {
    return jsonAnswer({ error: "Missing parameter vs_currency" }, 422);
  }
  const perPage = Math.min(Number(params.get("per_page") ?? 100), MAX_PER_PAGE);
  const coins = coinMarkets(listings, now).filter(chosenBy(params)).slice(0, perPage);
  return jsonAnswer(coins.map((market) => toCoin(market, now)), 200, {
    "cache-control": "max-age=30, public",
  });
}

/** By `ids`, otherwise by `symbols`; all without either. */
function chosenBy(params: URLSearchParams): (market: CoinMarket) => boolean {
  const list = (name: string) => params.get(name)?.toLowerCase().split(",");
  const [ids, symbols] = [list("ids"), list("symbols")];
  return ({ coin }) => ids?.includes(coin.id) ?? symbols?.includes(coin.base.toLowerCase()) ?? true;
}

function toCoin({ coin, price, marketCap, rank }: CoinMarket, now: EpochMs) {
  return {
    id: coin.id,
    symbol: coin.base.toLowerCase(),
    name: coin.name,
    current_price: price,
    market_cap: marketCap,
    market_cap_rank: rank,
    circulating_supply: coin.supply,
    last_updated: toIso(Math.floor(now / MINUTE_MS) * MINUTE_MS),
  };
}

/** Coins without prices; 304 for the current `ETag`. */
function answerList(request: Incoming): Answer {
  const etag = `W/"list-${COINS.length}"`;
  const headers = { etag, "cache-control": "public, max-age=1800" };
  if (request.header("if-none-match") === etag) return { status: 304, headers, body: "" };
  const coins = COINS.map(({ id, base, name }) => ({ id, symbol: base.toLowerCase(), name }));
  return jsonAnswer(coins, 200, headers);
}

/** Units for one bitcoin. */
function answerRates(listings: Listings, now: EpochMs): Answer {
  const bitcoin = coinMarkets(listings, now).find(({ coin }) => coin.id === "bitcoin");
  const usd = bitcoin?.price ?? 90_000;
  const fiat = (value: number) => ({ name: "", unit: "", value, type: "fiat" });
  const rates = Object.entries(PER_DOLLAR).map(([asset, per]) => [asset, fiat(usd * per)]);
  return jsonAnswer({
    rates: {
      btc: { name: "Bitcoin", unit: "BTC", value: 1, type: "crypto" },
      usd: fiat(usd),
      ...Object.fromEntries(rates),
    },
  });
}

/** CoinGecko's 429. */
export function coinGeckoLimited(retryAfterS = 60): Answer {
  const error_message = "You've exceeded the Rate Limit. Please visit " +
    "https://www.coingecko.com/en/api/pricing to subscribe to our API plans for higher rate limits.";
  return jsonAnswer({ status: { error_code: 429, error_message } }, 429, {
    "retry-after": String(retryAfterS),
  });
}
