import { toDecimal } from "../core/decimal.ts";
import type { EpochMs } from "../core/time.ts";
import type { Logger } from "../ports/host.ts";
import type { Coin, MarketCap } from "../ports/market_caps.ts";

/** A provider's figures of a coin; free plans omit some. */
export interface CapFigures {
  readonly price: number | null | undefined;
  readonly supply: number | null | undefined;
  readonly marketCap: number | null | undefined;
}

/** Upper bound of plausible figures, in US dollars and coins. */
const MAX = { price: 1e9, supply: 1e21, marketCap: 1e15 } as const;
const MIN_PRICE = 1e-15;
/** Largest ratio between a cap and price × supply, which may be from different times. */
const MAX_RATIO = 10;

/**
 * The market cap of a coin; `undefined`, for missing figures, and, with a log line, for implausible
 * ones.
 */
export function toMarketCap(
  coin: Coin,
  { price, supply, marketCap }: CapFigures,
  { source, takenAt, log }: {
    readonly source: string;
    readonly takenAt: EpochMs;
    readonly log: Logger;
  },
): MarketCap | undefined {
  if (!price || !supply || !marketCap) return undefined;
  const flaw = findFlaw(price, supply, marketCap);
  if (flaw !== undefined) {
    log.warn(`Skipped the market cap of ${coin.ticker} from ${source}: ${flaw}`);
    return undefined;
  }
  return {
    coin: coin.id,
    symbol: coin.ticker,
    price: toDecimal(price),
    circulatingSupply: toDecimal(supply),
    marketCap: toDecimal(marketCap),
    source,
    takenAt,
  };
}

function findFlaw(price: number, supply: number, marketCap: number): string | undefined {
  if (!(price >= MIN_PRICE && price <= MAX.price)) return `its price is ${price}`;
  if (!(supply > 0 && supply <= MAX.supply)) return `its supply is ${supply}`;
  if (!(marketCap > 0 && marketCap <= MAX.marketCap)) return `it is ${marketCap}`;
  const ratio = marketCap / (price * supply);
  if (ratio <= MAX_RATIO && ratio >= 1 / MAX_RATIO) return undefined;
  return `it is ${marketCap}, and price × supply is ${price * supply}`;
}
