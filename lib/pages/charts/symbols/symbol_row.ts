import type { Quote } from "../../../chart/model/view_facts.ts";
import { priceDecimals } from "../../../core/text/number_text.ts";
import { type Freshness, freshnessOf } from "../../../core/freshness.ts";
import type { Interval } from "../../../core/interval.ts";
import { bySymbol } from "../../../core/kline.ts";
import type { EpochMs } from "../../../core/time.ts";
import type { SymbolChoice } from "./symbol_choices.ts";

/** An entry of the symbol list. */
export interface SymbolRow {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** Name of the base asset, if it differs from the ticker. */
  readonly name: string | undefined;
  /** Price data; unset while the symbol is being collected. */
  readonly price: SymbolPrice | undefined;
}

export interface SymbolPrice extends Quote {
  readonly freshness: Freshness;
  /** Ascending. */
  readonly closes: readonly number[];
}

/** The price only, without the sparkline of the symbol list. */
export function quoteOf({ last, lastOpenTime, decimals, dayAgo }: SymbolPrice): Quote {
  return { last, lastOpenTime, decimals, dayAgo };
}

export function pairName({ base, quote }: Pick<SymbolRow, "base" | "quote">): string {
  return quote === "" ? base : `${base}/${quote}`;
}

interface Quoted {
  readonly symbol: string;
  readonly lastOpenTime: EpochMs;
  readonly closes: readonly number[];
  readonly dayAgo: number | undefined;
}

export interface SymbolRowsSource {
  readonly entries: readonly (SymbolChoice & { readonly tickSize: string | undefined })[];
  /** From candles of `interval`. */
  readonly quotes: readonly Quoted[];
  readonly interval: Interval;
  readonly serverTime: EpochMs;
}

/** One row per symbol, in the order of `entries`. */
export function toSymbolRows(source: SymbolRowsSource): SymbolRow[] {
  const quotes = bySymbol(source.quotes);
  return source.entries.map(({ symbol, base, quote, name, tickSize }) => {
    const quoted = quotes.get(symbol);
    const price = quoted && toPrice(quoted, tickSize, source);
    return { symbol, base, quote, name: name === "" ? undefined : name, price };
  });
}

function toPrice(
  { lastOpenTime, closes, dayAgo }: Quoted,
  tickSize: string | undefined,
  { interval, serverTime }: SymbolRowsSource,
): SymbolPrice {
  const last = closes.at(-1)!;
  return {
    last,
    lastOpenTime,
    closes,
    freshness: freshnessOf(lastOpenTime, interval, serverTime),
    decimals: priceDecimals(tickSize, [last]),
    dayAgo: dayAgo || undefined,
  };
}
