import type { Coin } from "../ports/market_caps.ts";

/**
 * Which coin a ticker on Binance means. Written by hand: tickers repeat (of CoinGecko's first 250
 * coins, 11 share one), so a join by ticker would mix coins up. Ids are from
 * api.coingecko.com/api/v3/coins/list and coinmarketcap.com.
 */
const COINS: readonly (readonly [string, string, number])[] = [
  ["BTC", "bitcoin", 1],
  ["ETH", "ethereum", 1027],
  ["BNB", "binancecoin", 1839],
  ["SOL", "solana", 5426],
  ["XRP", "ripple", 52],
  ["ADA", "cardano", 2010],
  ["DOGE", "dogecoin", 74],
  ["TRX", "tron", 1958],
  ["AVAX", "avalanche-2", 5805],
  ["LINK", "chainlink", 1975],
  ["DOT", "polkadot", 6636],
  ["LTC", "litecoin", 2],
  ["BCH", "bitcoin-cash", 1831],
  ["UNI", "uniswap", 7083],
  ["ATOM", "cosmos", 3794],
  ["XLM", "stellar", 512],
  ["ETC", "ethereum-classic", 1321],
  ["FIL", "filecoin", 2280],
  ["NEAR", "near", 6535],
  ["APT", "aptos", 21794],
  ["ARB", "arbitrum", 11841],
  ["OP", "optimism", 11840],
  ["SUI", "sui", 20947],
  ["SHIB", "shiba-inu", 5994],
  ["PEPE", "pepe", 24478],
  ["TON", "the-open-network", 11419],
  ["ICP", "internet-computer", 8916],
  ["HBAR", "hedera-hashgraph", 4642],
  ["VET", "vechain", 3077],
  ["INJ", "injective-protocol", 7226],
  ["ALGO", "algorand", 4030],
  ["AAVE", "aave", 7278],
  ["XMR", "monero", 328],
  ["DASH", "dash", 131],
  ["USDC", "usd-coin", 3408],
];

const BY_TICKER = new Map<string, Coin>(
  COINS.map(([ticker, id, coinMarketCapId]) => [ticker, { ticker, id, coinMarketCapId }]),
);

/** The coins behind USDT markets, in the order given; markets of coins unknown here are left out. */
export function coinsOf(symbols: readonly string[]): Coin[] {
  return symbols.flatMap((symbol) =>
    symbol.endsWith("USDT") ? BY_TICKER.get(symbol.slice(0, -"USDT".length)) ?? [] : []
  );
}
