import { priceDecimals } from "../chart/number_text.ts";
import type { EpochMs } from "../core/time.ts";

/** A market in the list of symbols. */
export interface SymbolRow {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** What is known of its price; nothing while it is being collected. */
  readonly price: SymbolPrice | undefined;
}

export interface SymbolPrice {
  readonly last: number;
  readonly lastOpenTime: EpochMs;
  /** Decimals of `last`. */
  readonly decimals: number;
  /** Over 24 hours, as a fraction. */
  readonly dayChange: number | undefined;
  /** Ascending. */
  readonly closes: readonly number[];
}

export function pairName({ base, quote }: Pick<SymbolRow, "base" | "quote">): string {
  return quote === "" ? base : `${base}/${quote}`;
}

/** What is known of a market, whatever its series. */
interface Market {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly tickSize: string | undefined;
}

interface Quoted {
  readonly symbol: string;
  readonly lastOpenTime: EpochMs;
  readonly closes: readonly number[];
  readonly dayAgo: number | undefined;
}

/** One row for each of `symbols`, in their order, known of or not. */
export function toSymbolRows(
  symbols: readonly string[],
  markets: readonly Market[],
  quotes: readonly Quoted[],
): SymbolRow[] {
  return symbols.map((symbol) => {
    const market = markets.find((one) => one.symbol === symbol);
    const quote = quotes.find((one) => one.symbol === symbol);
    return {
      symbol,
      base: market?.baseAsset ?? symbol,
      quote: market?.quoteAsset ?? "",
      price: quote && toPrice(quote, market?.tickSize),
    };
  });
}

function toPrice(
  { lastOpenTime, closes, dayAgo }: Quoted,
  tickSize: string | undefined,
): SymbolPrice {
  const last = closes.at(-1)!;
  return {
    last,
    lastOpenTime,
    decimals: priceDecimals(tickSize, [last]),
    dayChange: dayAgo ? last / dayAgo - 1 : undefined,
    closes,
  };
}
