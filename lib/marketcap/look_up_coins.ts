import type { EpochMs } from "../core/time.ts";
import type { CoinCandidate, KnownCoin, MarketCapSource } from "../ports/market_caps.ts";
import { lookupNames } from "./assets.ts";

/** Looks up the coins of Binance's tickers; of several it takes the largest. */
export async function lookUpCoins(
  source: MarketCapSource,
  tickers: readonly string[],
  { now, signal }: { readonly now: EpochMs; readonly signal: AbortSignal },
): Promise<KnownCoin[]> {
  const names = new Set(tickers.flatMap((ticker) => lookupNames(ticker).map(({ name }) => name)));
  const candidates = await source.lookUp([...names], signal);
  return tickers.map((ticker) => {
    const found = lookupNames(ticker).flatMap(({ name, multiplier }) =>
      candidates.filter((one) => one.ticker === name).map((one) => ({ ...one, multiplier }))
    ).sort(byRank);
    const [best] = found;
    return {
      ticker,
      id: best?.id,
      name: best?.name,
      rank: best?.rank,
      coinMarketCapId: best?.coinMarketCapId,
      multiplier: best?.multiplier ?? 1,
      candidates: found.length,
      provider: source.name,
      checkedAt: now,
    };
  });
}

function byRank(a: CoinCandidate, b: CoinCandidate): number {
  return (a.rank ?? Infinity) - (b.rank ?? Infinity) || 0;
}
