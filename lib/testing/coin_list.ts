import { OPEN_GATE } from "../marketcap/provider_gate.ts";
import type { CoinListMark, CoinListStore, ListedCoin } from "../ports/coin_list.ts";

/** A list of coins in memory. */
export function memoryCoinList(): CoinListStore {
  let coins: readonly ListedCoin[] = [];
  let mark: Omit<CoinListMark, "count"> | undefined;
  return {
    read: () => Promise.resolve(mark && { ...mark, count: coins.length }),
    find: (tickers) => Promise.resolve(coins.filter(({ ticker }) => tickers.includes(ticker))),
    replace(all, next) {
      [coins, mark] = [all, next];
      return Promise.resolve();
    },
    confirm(readAt) {
      mark = mark && { ...mark, readAt };
      return Promise.resolve();
    },
  };
}

/** Parts of a provider without limits and without a stored list. */
export const providerParts = () => ({ gate: OPEN_GATE, list: memoryCoinList() });
