import { type EpochMs, MINUTE_MS, toIso } from "../../../lib/core/time.ts";
import { type Answer, type Incoming, jsonAnswer } from "../answer.ts";
import type { Listings } from "../market/listings.ts";
import { type CoinMarket, coinMarkets } from "./coin_market.ts";

export const COINGECKO_PATH = "/api/v3/coins/markets";

const MAX_PER_PAGE = 250;

/**
 * GET /api/v3/coins/markets of api.coingecko.com: a bare array, in US dollars, largest market cap
 * first. Reads `ids`, `symbols` and `per_page`.
 */
export function answerCoinGecko(listings: Listings, request: Incoming, now: EpochMs): Answer {
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

/** CoinGecko's 429. */
export function coinGeckoLimited(): Answer {
  const error_message = "You've exceeded the Rate Limit. Please visit " +
    "https://www.coingecko.com/en/api/pricing to subscribe to our API plans for higher rate limits.";
  return jsonAnswer({ status: { error_code: 429, error_message } }, 429, { "retry-after": "60" });
}
