import { DAY_MS, type EpochMs } from "../core/time.ts";
import type {
  Coin,
  CoinDirectory,
  CoinFacts,
  CoinList,
  CoinStore,
  KnownCoin,
  SymbolAssets,
  UsdStep,
} from "../ports/market_caps.ts";
import { findNoCoinReason, findWrapped, guessAssets, isRenamed } from "./assets.ts";
import { type CollectedMarkets, findUsdPath, groupByAsset } from "./usd_path.ts";

/**
 * Well-known coins, so that the default symbols need no lookup: ticker, CoinGecko's id,
 * CoinMarketCap's id, and the name where it differs from the ticker. A provider's answer takes
 * precedence. Ids are from api.coingecko.com/api/v3/coins/list and coinmarketcap.com.
 */
const SEEDS: readonly (readonly [string, string, number, string?])[] = [
  ["BTC", "bitcoin", 1, "Bitcoin"],
  ["ETH", "ethereum", 1027, "Ethereum"],
  ["BNB", "binancecoin", 1839],
  ["SOL", "solana", 5426, "Solana"],
  ["XRP", "ripple", 52],
  ["ADA", "cardano", 2010, "Cardano"],
  ["DOGE", "dogecoin", 74, "Dogecoin"],
  ["TRX", "tron", 1958, "TRON"],
  ["AVAX", "avalanche-2", 5805, "Avalanche"],
  ["LINK", "chainlink", 1975, "Chainlink"],
  ["DOT", "polkadot", 6636, "Polkadot"],
  ["LTC", "litecoin", 2, "Litecoin"],
  ["BCH", "bitcoin-cash", 1831, "Bitcoin Cash"],
  ["UNI", "uniswap", 7083, "Uniswap"],
  ["ATOM", "cosmos", 3794, "Cosmos"],
  ["XLM", "stellar", 512, "Stellar"],
  ["ETC", "ethereum-classic", 1321, "Ethereum Classic"],
  ["FIL", "filecoin", 2280, "Filecoin"],
  ["NEAR", "near", 6535, "NEAR Protocol"],
  ["APT", "aptos", 21794, "Aptos"],
  ["ARB", "arbitrum", 11841, "Arbitrum"],
  ["OP", "optimism", 11840, "Optimism"],
  ["SUI", "sui", 20947],
  ["SHIB", "shiba-inu", 5994, "Shiba Inu"],
  ["PEPE", "pepe", 24478],
  ["TON", "the-open-network", 11419, "Toncoin"],
  ["ICP", "internet-computer", 8916, "Internet Computer"],
  ["HBAR", "hedera-hashgraph", 4642, "Hedera"],
  ["VET", "vechain", 3077, "VeChain"],
  ["INJ", "injective-protocol", 7226, "Injective"],
  ["ALGO", "algorand", 4030, "Algorand"],
  ["AAVE", "aave", 7278],
  ["XMR", "monero", 328, "Monero"],
  ["DASH", "dash", 131],
  ["USDC", "usd-coin", 3408],
];

const BY_TICKER = new Map(SEEDS.map((seed) => [seed[0], seed]));

/**
 * The coins of symbols, whatever their quote asset, in the given order, and the base assets without
 * a coin.
 */
export function resolveCoins(symbols: readonly string[], facts: CoinFacts): CoinList {
  const described = new Map(facts.assets.map((one) => [one.symbol, one]));
  const known = new Map(facts.known.map((one) => [one.ticker, one]));
  const own = symbols.map((symbol): SymbolAssets => {
    const found = described.get(symbol);
    if (found !== undefined && found.quote !== "") return found;
    return { symbol, ...guessAssets(symbol), heldUntil: found?.heldUntil };
  });
  const collected = groupByAsset(facts.assets);
  const coins = new Map<string, Coin>();
  const unresolved: CoinList["unresolved"][number][] = [];
  for (const [ticker, markets] of Map.groupBy(own, ({ base }) => base)) {
    const coin = toCoin(ticker, known.get(ticker), markets, collected);
    if (coin === undefined) {
      const reason = findNoCoinReason(ticker);
      const checkedAt = known.get(ticker)?.checkedAt;
      const isCoin = reason === undefined;
      unresolved.push({
        ticker,
        isCoin,
        checkedAt,
        reason: reason ?? whyUnknown(known.get(ticker)),
      });
    } else if (!coins.has(coin.id) || isRenamed(coins.get(coin.id)!.ticker)) {
      coins.set(coin.id, coin);
    }
  }
  return { coins: [...coins.values()], unresolved, own, markets: facts.assets };
}

/** Lists the coins of the symbols; each call reads them again. */
export function createCoinDirectory(
  store: Pick<CoinStore, "facts">,
  readSymbols: () => Promise<readonly string[]>,
): CoinDirectory {
  return { list: async () => resolveCoins(await readSymbols(), await store.facts()) };
}

/** The coins that are known without a lookup. */
export function coinsOf(symbols: readonly string[]): readonly Coin[] {
  return resolveCoins(symbols, { assets: [], known: [] }).coins;
}

function whyUnknown(known: KnownCoin | undefined): string {
  if (known === undefined) return "not looked up yet";
  const provider = known.provider === "coinmarketcap" ? "CoinMarketCap" : "CoinGecko";
  return `${provider} lists no such coin`;
}

function toCoin(
  ticker: string,
  known: KnownCoin | undefined,
  markets: readonly SymbolAssets[],
  collected: CollectedMarkets,
): Coin | undefined {
  if (findNoCoinReason(ticker) !== undefined) return undefined;
  const [, seedId, seedNumber, seedName] = BY_TICKER.get(ticker) ?? [];
  // CoinMarketCap's answers do not contain CoinGecko's id.
  const id = known?.provider === "coinmarketcap" ? seedId ?? known.id : known?.id ?? seedId;
  if (id === undefined) return undefined;
  const name = id === seedId ? seedName : known?.name;
  const { market, usd } = chooseMarket(markets, collected);
  return {
    id,
    ticker,
    name: name?.toUpperCase() === ticker ? undefined : name,
    coinMarketCapId: known?.coinMarketCapId ?? (id === seedId ? seedNumber : undefined),
    symbol: market.symbol,
    usd,
    multiplier: known?.multiplier ?? 1,
    wraps: findWrapped(ticker),
    rank: known?.rank,
    candidates: known?.candidates ?? 0,
    checkedAt: known?.checkedAt,
  };
}

interface PricedMarket {
  readonly market: SymbolAssets;
  readonly usd: readonly UsdStep[] | undefined;
}

/** The market that represents a coin: current, and with the shortest way to US dollars. */
function chooseMarket(
  markets: readonly SymbolAssets[],
  collected: CollectedMarkets,
): PricedMarket {
  const stale = ({ market }: PricedMarket) => Number(!collected.isCurrent(market));
  const length = ({ usd }: PricedMarket) => usd?.length ?? Infinity;
  const [best] = markets.map((market): PricedMarket => {
    const path = findUsdPath(market.quote, collected);
    return { market, usd: path && [{ symbol: market.symbol, isInverse: false }, ...path] };
  }).sort((a, b) => stale(a) - stale(b) || length(a) - length(b) || 0);
  return best!;
}

/** The coins of the pie, and the tickers that need a lookup. */
export function pieCoinsOf({ coins, unresolved }: Pick<CoinList, "coins" | "unresolved">) {
  const pending = unresolved.filter(({ isCoin, checkedAt }) => isCoin && checkedAt === undefined);
  return [
    ...coins.map(({ id, ticker, name, wraps }) => ({ id, ticker, name, wraps })),
    ...pending.map(({ ticker }) => ({
      id: `ticker:${ticker}`,
      ticker,
      name: undefined,
      wraps: findWrapped(ticker),
    })),
  ];
}

/** Ranks change slowly, so an ambiguous ticker is looked up again after a month. */
const RANK_DAYS = 30;

/**
 * True if a lookup is due: at most one per day and unknown ticker. A later time was recorded while
 * this machine's clock was wrong.
 */
export function isLookupDue(checkedAt: EpochMs | undefined, now: EpochMs): boolean {
  return checkedAt === undefined || checkedAt > now || now - checkedAt >= DAY_MS;
}

/** Coins whose ticker is shared: another one may now have the larger market cap. */
export function findAmbiguous(coins: readonly Coin[], now: EpochMs): Coin[] {
  return coins.filter(({ candidates, checkedAt }) =>
    candidates > 1 && checkedAt !== undefined && now - checkedAt >= RANK_DAYS * DAY_MS
  );
}
