import { bySymbol } from "../core/kline.ts";
import { type Decimal, toDecimal } from "../core/decimal.ts";
import type { EpochMs } from "../core/time.ts";
import type { Coin, MarketCap, MarketClose } from "../ports/market_caps.ts";
import { type Closes, toUsdPrice } from "./usd_prices.ts";

/**
 * Market caps without a provider: the last known supply of each coin × its newest close in US
 * dollars. Coins that lack either are left out.
 */
export function deriveCaps(
  coins: readonly Coin[],
  { newest, closes, now }: {
    /** The last market cap of each coin. */
    readonly newest: readonly MarketCap[];
    readonly closes: readonly MarketClose[];
    readonly now: EpochMs;
  },
): MarketCap[] {
  const last = new Map(newest.map((cap) => [cap.coin, cap]));
  const index = bySymbol(closes);
  return coins.flatMap((coin) => {
    const cap = last.get(coin.id);
    const price = cap && toCoinPrice(coin, index);
    if (cap === undefined || price === undefined) return [];
    const { symbol, circulatingSupply } = cap;
    return [{
      symbol,
      circulatingSupply,
      coin: coin.id,
      price,
      marketCap: toDecimal(Math.round(Number(price) * Number(circulatingSupply) * 100) / 100),
      source: "derived",
      takenAt: now,
    }];
  });
}

/** A close in US dollars has its own digits; converted prices are rounded. */
function toCoinPrice({ usd, multiplier }: Coin, closes: Closes): Decimal | undefined {
  const price = usd && toUsdPrice(usd, closes);
  if (usd === undefined || price === undefined) return undefined;
  const [{ symbol } = {}, ...others] = usd;
  const own = symbol === undefined ? undefined : closes.get(symbol);
  if (own !== undefined && others.length === 0 && multiplier === 1) return own.close;
  return toDecimal(Number((price.usd / multiplier).toPrecision(PRECISION)));
}

/** Significant digits of a float without its rounding errors. */
const PRECISION = 15;
