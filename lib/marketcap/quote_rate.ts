import { invalidParameter } from "../core/parameter_rules.ts";
import { DAY_MS, type EpochMs } from "../core/time.ts";
import { bySymbol } from "../core/kline.ts";
import type { CoinList, MarketCapStore, UsdRate } from "../ports/market_caps.ts";
import { findUsdPath, groupByAsset } from "./usd_path.ts";
import { toUsdPrice } from "./usd_prices.ts";

/** The asset in which values are shown, and its price. */
export interface QuoteRate {
  readonly quote: string;
  /** US dollars for one unit. */
  readonly usd: number;
  /** Its markets (`BTCEUR, BTCUSDT`) or the provider; `undefined` for dollars, which need none. */
  readonly source: string | undefined;
  readonly takenAt: EpochMs | undefined;
}

export const IN_DOLLARS: QuoteRate = {
  quote: "USD",
  usd: 1,
  source: undefined,
  takenAt: undefined,
};

/** Older rates of the provider are not used. */
const RATE_MS = 2 * DAY_MS;

/**
 * The rate of a quote asset: by closes of collected markets, otherwise the provider's.
 *
 * @throws `invalid_input` for an asset without a rate
 */
export async function readQuoteRate(
  store: Pick<MarketCapStore, "closes" | "rates">,
  list: CoinList,
  { quote, now }: { readonly quote: string; readonly now: EpochMs },
): Promise<QuoteRate> {
  if (quote === IN_DOLLARS.quote) return IN_DOLLARS;
  const steps = findUsdPath(quote, groupByAsset(list.markets));
  if (steps !== undefined) {
    const symbols = steps.map(({ symbol }) => symbol);
    const price = toUsdPrice(steps, bySymbol(await store.closes(symbols, now)));
    if (price !== undefined) {
      const source = symbols.length === 0 ? undefined : symbols.join(", ");
      return { quote, usd: price.usd, source, takenAt: price.closedAt };
    }
  }
  const rates = await store.rates();
  const rate = rates.find(({ asset, takenAt }) => asset === quote && now - takenAt <= RATE_MS);
  if (rate !== undefined) {
    return { quote, usd: rate.usd, source: rate.source, takenAt: rate.takenAt };
  }
  const known = listQuotes(list, rates, now).join(", ");
  throw invalidParameter(
    "quote",
    `is "${quote}", which has no exchange rate to US dollars: assets that have one include ${known}`,
  );
}

/** Assets with a rate: US dollars, quote assets of the configured symbols, then currencies. */
export function listQuotes(
  { own, markets }: Pick<CoinList, "own" | "markets">,
  rates: readonly UsdRate[],
  now: EpochMs,
): string[] {
  const collected = groupByAsset(markets);
  const current = rates.filter(({ takenAt }) => now - takenAt <= RATE_MS)
    .map(({ asset }) => asset);
  const quotes = [...new Set(own.map(({ quote }) => quote))]
    .filter((quote) => findUsdPath(quote, collected) !== undefined);
  return [...new Set([IN_DOLLARS.quote, ...quotes, ...current])];
}
