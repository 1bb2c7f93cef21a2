import type { Freshness } from "../../../core/freshness.ts";
import type { FoundSymbols } from "./symbol_search.ts";
import type { SymbolRow } from "./symbol_row.ts";

/** A symbol in the format of `/api/symbols`. */
export interface SymbolJson {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly name: string | null;
  /** The newest stored price; `null` while the symbol is being collected. */
  readonly price: {
    readonly last: number;
    readonly day_ago: number | null;
    readonly open_time: number;
    readonly decimals: number;
    readonly freshness: Freshness;
    readonly closes: readonly number[];
  } | null;
}

export interface SymbolsJson {
  readonly symbols: readonly SymbolJson[];
  readonly total: number;
  readonly next: string | null;
}

export function toSymbolsJson({ symbols, total, next }: FoundSymbols<SymbolRow>): SymbolsJson {
  return { symbols: symbols.map(toSymbolJson), total, next: next ?? null };
}

function toSymbolJson({ symbol, base, quote, name, price }: SymbolRow): SymbolJson {
  return {
    symbol,
    base,
    quote,
    name: name ?? null,
    price: price === undefined ? null : {
      last: price.last,
      day_ago: price.dayAgo ?? null,
      open_time: price.lastOpenTime,
      decimals: price.decimals,
      freshness: price.freshness,
      closes: price.closes,
    },
  };
}

/** The row that a symbol was made of. */
export function parseSymbolJson({ symbol, base, quote, name, price }: SymbolJson): SymbolRow {
  return {
    symbol,
    base,
    quote,
    name: name ?? undefined,
    price: price === null ? undefined : {
      last: price.last,
      lastOpenTime: price.open_time,
      decimals: price.decimals,
      dayAgo: price.day_ago ?? undefined,
      freshness: price.freshness,
      closes: price.closes,
    },
  };
}
