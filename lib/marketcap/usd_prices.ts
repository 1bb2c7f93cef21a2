import { bySymbol } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { Coin, MarketClose, UsdStep } from "../ports/market_caps.ts";

/** A price in US dollars. */
export interface UsdPrice {
  readonly usd: number;
  /** One day before, when every market has that candle. */
  readonly dayAgo: number | undefined;
  /** Time of the oldest close in use; `undefined` for a dollar stablecoin, which needs none. */
  readonly closedAt: EpochMs | undefined;
}

export type Closes = ReadonlyMap<string, MarketClose>;

/** Multiplies the closes along a path; `undefined` without one of them. */
export function toUsdPrice(steps: readonly UsdStep[], closes: Closes): UsdPrice | undefined {
  let price: UsdPrice = { usd: 1, dayAgo: 1, closedAt: undefined };
  for (const { symbol, isInverse } of steps) {
    const own = closes.get(symbol);
    const close = Number(own?.close);
    if (own === undefined || !(close > 0)) return undefined;
    const power = isInverse ? -1 : 1;
    const dayAgo = Number(own.dayAgo ?? NaN);
    price = {
      usd: price.usd * close ** power,
      dayAgo: price.dayAgo !== undefined && dayAgo > 0 ? price.dayAgo * dayAgo ** power : undefined,
      closedAt: Math.min(price.closedAt ?? Infinity, own.closedAt),
    };
  }
  return price;
}

/** The symbols whose closes give the coins' prices. */
export function usdSymbolsOf(coins: readonly Coin[]): string[] {
  return [...new Set(coins.flatMap(({ usd = [] }) => usd.map(({ symbol }) => symbol)))];
}

/** Changes of the coins' prices in US dollars over 24 hours, as fractions, by id. */
export function toDayChanges(
  coins: readonly Coin[],
  closes: readonly MarketClose[],
): ReadonlyMap<string, number> {
  const index = bySymbol(closes);
  return new Map(coins.flatMap(({ id, usd }): [string, number][] => {
    const price = usd && toUsdPrice(usd, index);
    return price?.dayAgo === undefined ? [] : [[id, price.usd / price.dayAgo - 1]];
  }));
}
