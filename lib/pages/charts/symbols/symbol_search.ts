import { DAY_MS } from "../../../core/time.ts";
import { type Interval, intervalMs } from "../../../core/interval.ts";
import { invalidParameter } from "../../../core/parameter_rules.ts";
import type { Services } from "../../../http/define.ts";
import { sharedRead } from "../../../http/shared_read.ts";
import { findChoices } from "./symbol_choices.ts";
import { type DirectoryEntry, readDirectory, type SymbolDirectory } from "./symbol_directory.ts";
import { type SymbolRow, toSymbolRows } from "./symbol_row.ts";

/** Closes of a sparkline: one day, within limits. */
const SPARK_CLOSES = { min: 25, max: 97 } as const;

export interface SymbolSearch {
  /** Part of a symbol or of a coin's name; without it all symbols match. */
  readonly search?: string | undefined;
  /** Symbols that come first among equal matches, in this order. */
  readonly first?: readonly string[] | undefined;
  /** Only symbols that follow this one in the result. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page of the symbols that match a search. */
export interface FoundSymbols<Item> {
  readonly symbols: readonly Item[];
  /** Number of all matches. */
  readonly total: number;
  /** The last symbol of this page if others follow, for `after` of the next one. */
  readonly next: string | undefined;
}

/**
 * Finds a page of symbols, without their prices.
 * @throws `invalid_input` when `after` is not among the matches: the page after it is unknown
 */
export function findSymbols(
  directory: Pick<SymbolDirectory, "entries" | "bySymbol">,
  { search = "", first = [], after, limit }: SymbolSearch,
): FoundSymbols<DirectoryEntry> {
  const found = search === ""
    ? withFirst(directory, first)
    : findChoices(directory.entries, search, first);
  const start = after === undefined ? 0 : 1 + found.findIndex(({ symbol }) => symbol === after);
  if (after !== undefined && start === 0) {
    throw invalidParameter(
      "after",
      `is "${after}", which is not in the list: start again without it`,
    );
  }
  const symbols = found.slice(start, start + limit);
  const hasMore = start + symbols.length < found.length;
  return { symbols, total: found.length, next: hasMore ? symbols.at(-1)?.symbol : undefined };
}

/** All symbols, those of `first` at the beginning if they are collected. */
function withFirst(
  { entries, bySymbol }: Pick<SymbolDirectory, "entries" | "bySymbol">,
  first: readonly string[],
): readonly DirectoryEntry[] {
  const leading = first.map((symbol) => bySymbol.get(symbol)).filter((one) => one !== undefined);
  if (leading.length === 0) return entries;
  const names = new Set(leading);
  return [...leading, ...entries.filter((entry) => !names.has(entry))];
}

/** Finds a page of symbols with their prices. */
export async function searchSymbols(
  services: Services,
  search: SymbolSearch,
): Promise<FoundSymbols<SymbolRow>> {
  const found = findSymbols(await readDirectory(services), search);
  return { ...found, symbols: await readSymbolRows(services, found.symbols) };
}

/** Rows of the symbol list; the cost grows with `entries`, not with the number of symbols. */
export async function readSymbolRows(
  services: Services,
  entries: readonly DirectoryEntry[],
): Promise<SymbolRow[]> {
  const { reader, exchange, settings } = services;
  const [interval] = settings.intervals as [Interval, ...Interval[]];
  const symbols = entries.map(({ symbol }) => symbol);
  const quotes = await sharedRead(
    services,
    `quotes ${symbols}`,
    () => reader.quotes(symbols, interval, sparkCloses(interval)),
  );
  return toSymbolRows({ entries, quotes, interval, serverTime: exchange.serverTime() });
}

function sparkCloses(interval: Interval): number {
  const { min, max } = SPARK_CLOSES;
  return Math.min(Math.max(1 + DAY_MS / intervalMs(interval), min), max);
}
