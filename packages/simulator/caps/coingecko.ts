import { DAY_MS, type EpochMs, MINUTE_MS, toIso } from "../../../lib/core/time.ts";
import { type Answer, type Incoming, jsonAnswer } from "../answer.ts";
import type { Listings } from "../market/listings.ts";
import { type CoinMarket, coinMarkets, round, SPANS } from "./coin_market.ts";

export const COINGECKO_PATH = "/api/v3/coins/markets";

const DEFAULT_PER_PAGE = 100;
const MAX_PER_PAGE = 250;

const ORDERS: Readonly<Record<string, (a: CoinMarket, b: CoinMarket) => number>> = {
  market_cap_desc: (a, b) => (b.marketCap ?? -1) - (a.marketCap ?? -1),
  market_cap_asc: (a, b) => (a.marketCap ?? -1) - (b.marketCap ?? -1),
  volume_desc: (a, b) => b.volume - a.volume,
  volume_asc: (a, b) => a.volume - b.volume,
  id_asc: (a, b) => a.coin.id < b.coin.id ? -1 : 1,
  id_desc: (a, b) => a.coin.id < b.coin.id ? 1 : -1,
};

/** GET /api/v3/coins/markets of api.coingecko.com: a bare array, in US dollars. */
export function answerCoinGecko(listings: Listings, request: Incoming, now: EpochMs): Answer {
  const params = new URLSearchParams(request.query);
  const currency = params.get("vs_currency");
  if (!currency) return jsonAnswer({ error: "Missing parameter vs_currency" }, 422);
  if (currency.toLowerCase() !== "usd") return jsonAnswer({ error: "invalid vs_currency" }, 400);
  const order = ORDERS[params.get("order") ?? "market_cap_desc"] ?? ORDERS["market_cap_desc"]!;
  const wanted = coinMarkets(listings, now).filter(chosenBy(params)).sort(order);
  const perPage = clamp(params.get("per_page"), DEFAULT_PER_PAGE, MAX_PER_PAGE);
  const page = clamp(params.get("page"), 1, 10_000);
  const coins = wanted.slice((page - 1) * perPage, page * perPage)
    .map((market) => ({ ...toCoin(market, now), ...extras(market, params) }));
  return jsonAnswer(coins, 200, { "cache-control": "max-age=30, public" });
}

/** By `ids`, else by `names`, else by `symbols`; without any of them all. */
function chosenBy(params: URLSearchParams): (market: CoinMarket) => boolean {
  const list = (name: string) => params.get(name)?.toLowerCase().split(",").filter(Boolean);
  const [ids, names, symbols] = [list("ids"), list("names"), list("symbols")];
  return ({ coin }) => {
    if (ids?.length) return ids.includes(coin.id);
    if (names?.length) return names.includes(coin.name.toLowerCase());
    return !symbols?.length || symbols.includes(coin.base.toLowerCase());
  };
}

function clamp(text: string | null, absent: number, most: number): number {
  const value = Math.trunc(Number(text ?? absent));
  return Number.isFinite(value) ? Math.min(most, Math.max(1, value)) : absent;
}

function toCoin(
  { coin, price, high, low, volume, marketCap, rank, changeSince }: CoinMarket,
  now: EpochMs,
) {
  const changePercent = changeSince(DAY_MS);
  const share = changePercent / (100 + changePercent);
  const [ath, atl] = [round(Math.max(high, price * 1.37), 8), round(Math.min(low, price / 90), 10)];
  const fullSupply = coin.max ?? coin.total;
  return {
    id: coin.id,
    symbol: coin.base.toLowerCase(),
    name: coin.name,
    image: `https://coin-images.coingecko.com/coins/images/${coin.cmcId}/large/${coin.id}.png`,
    current_price: price,
    market_cap: marketCap,
    market_cap_rank: rank,
    fully_diluted_valuation: fullSupply === null ? null : Math.round(price * fullSupply),
    total_volume: volume,
    high_24h: high,
    low_24h: low,
    price_change_24h: round(price * share, 8),
    price_change_percentage_24h: changePercent,
    market_cap_change_24h: marketCap === null ? null : Math.round(marketCap * share),
    market_cap_change_percentage_24h: marketCap === null ? null : changePercent,
    circulating_supply: coin.circulating,
    total_supply: coin.total,
    max_supply: coin.max,
    ath,
    ath_change_percentage: round((price - ath) / ath * 100, 5),
    ath_date: "2025-10-06T18:57:42.558Z",
    atl,
    atl_change_percentage: round((price - atl) / atl * 100, 5),
    atl_date: coin.added,
    roi: coin.base === "ETH" ? { times: 41.3, currency: "btc", percentage: 4130 } : null,
    last_updated: toIso(Math.floor(now / MINUTE_MS) * MINUTE_MS),
  };
}

/** Fields that are there only when asked for. */
function extras(market: CoinMarket, params: URLSearchParams) {
  const fields: Record<string, unknown> = {};
  if (params.get("sparkline") === "true") fields["sparkline_in_7d"] = { price: [market.price] };
  for (const span of params.get("price_change_percentage")?.split(",") ?? []) {
    if (!(span in SPANS)) continue;
    const ms = SPANS[span as keyof typeof SPANS];
    fields[`price_change_percentage_${span}_in_currency`] = market.changeSince(ms);
  }
  return fields;
}

/** What CoinGecko says to who asks too often. */
export function coinGeckoLimited(): Answer {
  const error_message = "You've exceeded the Rate Limit. Please visit " +
    "https://www.coingecko.com/en/api/pricing to subscribe to our API plans for higher rate limits.";
  return jsonAnswer({ status: { error_code: 429, error_message } }, 429, { "retry-after": "60" });
}
