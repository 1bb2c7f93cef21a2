import { SECOND_MS } from "../../core/time.ts";
import type { Services } from "../../http/define.ts";
import { toDayChanges, usdSymbolsOf } from "../../marketcap/usd_prices.ts";
import type { Coin } from "../../ports/market_caps.ts";

/** Number of coins above which requests share changes that are some seconds old. */
const MANY = 100;
const OF_MANY = { freshMs: 10 * SECOND_MS, staleMs: 60 * SECOND_MS } as const;

/** Changes of prices in US dollars over 24 hours, by coin; concurrent requests share them. */
export async function readDayChanges(
  { answers, marketCaps, now }: Services,
  coins: readonly Coin[],
): Promise<ReadonlyMap<string, number>> {
  return await answers.get(
    `day changes of ${coins.length} coins`,
    async () => toDayChanges(coins, await marketCaps.closes(usdSymbolsOf(coins), now())),
    coins.length > MANY ? OF_MANY : {},
  );
}
