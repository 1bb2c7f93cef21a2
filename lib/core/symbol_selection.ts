import { z } from "zod";
import { SYMBOL_ADVICE } from "./parameter_rules.ts";
import { SYMBOL, SYMBOL_CHARACTERS } from "./symbol_name.ts";

/** Selection of symbols to collect, in the syntax of SYMBOLS and `--symbol`. */
export interface SymbolSelection {
  /** As written. */
  readonly text: string;
  /** In the order of the text. */
  readonly includes: readonly SymbolTerm[];
  readonly excludes: readonly SymbolTerm[];
  /** Statuses of markets that a group adds; empty: any. */
  readonly statuses: readonly string[];
}

/**
 * One item of a selection. All except `symbol` are groups: their members follow the exchange's
 * list.
 */
export type SymbolTerm =
  | {
    readonly kind: "symbol";
    readonly symbol: string;
    /** Applies to an item after `quote:`, which may name another quote asset: `quote:USDT,USDC`. */
    readonly mayBeQuote: boolean;
  }
  /** With `*` for any characters. */
  | { readonly kind: "pattern"; readonly pattern: string }
  | { readonly kind: "quote"; readonly asset: string }
  | {
    readonly kind: "top";
    readonly count: number;
    /** Only markets against this asset are ranked. */
    readonly quote: string | undefined;
  }
  | { readonly kind: "all" };

/** The fields of a market that selections use. */
export interface SelectableMarket {
  readonly symbol: string;
  readonly quoteAsset: string;
  readonly status: string;
}

const PATTERN = new RegExp(String.raw`^(?=.*\*)(?:${SYMBOL_CHARACTERS}|\*){1,40}$`, "u");
const TOP = new RegExp(`^([1-9][0-9]{0,3})(?::(${SYMBOL_CHARACTERS}{1,20}))?$`, "u");
const STATUS = /^[A-Z_]{1,40}$/;
const ADVICE = "must have symbols such as BTCUSDT, patterns such as *USDT, quote:USDT, top:100, " +
  "top:100:USDT, all or status:any, each with a minus sign to leave it out";

/** Symbols, patterns and groups, separated by commas; duplicates count once. */
export const symbolSelectionRule = z.string().transform((text, ctx): SymbolSelection => {
  const items = [...new Set(text.split(",").map((item) => item.trim()))];
  const problem = (message: string) => {
    ctx.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  if (items.includes("")) return problem("has an empty item");
  const parts = { includes: [] as SymbolTerm[], excludes: [] as SymbolTerm[] };
  const statuses: string[] = [];
  for (const item of items) {
    if (item.startsWith("status:")) {
      const status = item.slice("status:".length).toUpperCase();
      if (!STATUS.test(status)) return problem(ADVICE);
      statuses.push(status);
      continue;
    }
    const list = item.startsWith("-") ? parts.excludes : parts.includes;
    const term = parseTerm(item.replace(/^-/, ""), list.at(-1));
    if (term === undefined) return problem(/[:*]|^-/.test(item) ? ADVICE : SYMBOL_ADVICE);
    list.push(term);
  }
  if (parts.includes.length === 0) return problem("selects nothing: it has exclusions only");
  const isAny = statuses.includes("ANY");
  return { text, ...parts, statuses: isAny ? [] : statuses.length > 0 ? statuses : ["TRADING"] };
});

function parseTerm(item: string, before: SymbolTerm | undefined): SymbolTerm | undefined {
  if (item === "all") return { kind: "all" };
  const [, kind, value = ""] = /^(quote|top):(.*)$/.exec(item) ?? [];
  if (kind === "quote") return SYMBOL.test(value) ? { kind, asset: value } : undefined;
  if (kind === "top") {
    const [, count, quote] = TOP.exec(value) ?? [];
    return count === undefined ? undefined : { kind, count: Number(count), quote };
  }
  if (PATTERN.test(item)) return { kind: "pattern", pattern: item };
  if (!SYMBOL.test(item)) return undefined;
  const mayBeQuote = before?.kind === "quote" || (before?.kind === "symbol" && before.mayBeQuote);
  return { kind: "symbol", symbol: item, mayBeQuote };
}

/** A selection of `symbols` alone. */
export function selectNames(symbols: readonly string[]): SymbolSelection {
  const includes = symbols.map((
    symbol,
  ) => ({ kind: "symbol", symbol, mayBeQuote: false } as const));
  return { text: symbols.join(","), includes, excludes: [], statuses: [] };
}

/** The symbols of a selection without groups; `undefined`: only the exchange's list can tell. */
export function namedSymbols({ includes, excludes }: SymbolSelection): string[] | undefined {
  if (excludes.length > 0) return undefined;
  const names = includes.map((term) =>
    term.kind === "symbol" && !term.mayBeQuote ? term.symbol : undefined
  );
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** True when the exchange's list decides which symbols are meant: lists then go by volume. */
export function hasGroup({ includes }: SymbolSelection): boolean {
  return includes.some(({ kind }) => kind !== "symbol");
}

export function hasTop({ includes }: SymbolSelection): boolean {
  return includes.some(({ kind }) => kind === "top");
}

/**
 * Name under which the members of a group are remembered: a larger `top` keeps those of a smaller.
 */
export function groupName(term: Exclude<SymbolTerm, { kind: "symbol" }>): string {
  switch (term.kind) {
    case "all":
      return "all";
    case "pattern":
      return term.pattern;
    case "quote":
      return `quote:${term.asset}`;
    case "top":
      return term.quote === undefined ? "top" : `top:${term.quote}`;
  }
}

/** An item as it is written in a selection. */
export function termText(term: SymbolTerm): string {
  if (term.kind === "symbol") return term.symbol;
  if (term.kind !== "top") return groupName(term);
  return `top:${term.count}${term.quote === undefined ? "" : `:${term.quote}`}`;
}

export interface SelectionFacts {
  /** Every market that the exchange lists or that is stored. */
  readonly markets: readonly SelectableMarket[];
  /** Symbols by quote volume of 24 hours, the largest first. */
  readonly ranking: readonly string[];
  /** By name of a group, the symbols that it has selected before. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface SelectedSymbols {
  readonly symbols: readonly string[];
  /** Currently selected symbols by name of a group. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Resolves a selection: named symbols (listed or not) and members of groups, in the order of the
 * text, and within a group by quote volume. A member stays whatever its status or rank is now.
 * Exclusions apply to everything.
 */
export function selectSymbols(
  { includes, excludes, statuses }: SymbolSelection,
  { markets, ranking, members }: SelectionFacts,
): SelectedSymbols {
  const sorted = inOrder(markets, ranking);
  const listed = { names: new Set(ranking), symbols: new Set<string>(), quotes: new Set<string>() };
  for (const { symbol, quoteAsset } of markets) {
    listed.symbols.add(symbol);
    listed.quotes.add(quoteAsset);
  }
  const toGroup = (term: SymbolTerm) =>
    term.kind === "symbol" && term.mayBeQuote && !listed.symbols.has(term.symbol) &&
      listed.quotes.has(term.symbol)
      ? { kind: "quote", asset: term.symbol } as const
      : term;
  const excluders = excludes.map(toGroup).map(toMatcher);
  const isExcluded = (market: SelectableMarket) => excluders.some((matches) => matches(market));
  const eligible = sorted.filter((market) => !isExcluded(market));
  const found = new Map<string, ReadonlySet<string>>();
  const symbols = includes.map(toGroup).flatMap((term): readonly string[] => {
    if (term.kind === "symbol") {
      return isExcluded({ symbol: term.symbol, quoteAsset: "", status: "" }) ? [] : [term.symbol];
    }
    const name = groupName(term);
    const before = members.get(name) ?? new Set();
    const all = eligible.filter(toMatcher(term));
    const open = all.filter(({ status }) => statuses.length === 0 || statuses.includes(status));
    const fresh = term.kind === "top"
      ? open.filter(({ symbol }) => listed.names.has(symbol)).slice(0, term.count)
      : open;
    const wanted = new Set([...fresh, ...all.filter(({ symbol }) => before.has(symbol))]);
    const own = sorted.filter((market) => wanted.has(market)).map(({ symbol }) => symbol);
    found.set(name, new Set([...found.get(name) ?? [], ...own]));
    return own;
  });
  return { symbols: [...new Set(symbols)], members: found };
}

/** By quote volume, then by name. */
function inOrder(
  markets: readonly SelectableMarket[],
  ranking: readonly string[],
): SelectableMarket[] {
  const places = new Map(ranking.map((symbol, place) => [symbol, place]));
  const placeOf = ({ symbol }: SelectableMarket) => places.get(symbol) ?? ranking.length;
  return markets.toSorted((a, b) => placeOf(a) - placeOf(b) || (a.symbol < b.symbol ? -1 : 1));
}

/** Returns the test for markets of a term, without regard to status and rank. */
function toMatcher(term: SymbolTerm): (market: SelectableMarket) => boolean {
  switch (term.kind) {
    case "all":
      return () => true;
    case "symbol":
      return ({ symbol }) => symbol === term.symbol;
    case "quote":
      return ({ quoteAsset }) => quoteAsset === term.asset;
    case "top":
      return ({ quoteAsset }) => term.quote === undefined || quoteAsset === term.quote;
    case "pattern": {
      const parts = term.pattern.split("*").map((part) => RegExp.escape(part));
      const whole = new RegExp(`^${parts.join(".*")}$`, "u");
      return ({ symbol }) => whole.test(symbol);
    }
  }
}
