import { AppError, describeError } from "../../core/errors.ts";
import {
  hasTop,
  selectSymbols,
  type SymbolSelection,
  termText,
} from "../../core/symbol_selection.ts";
import { DAY_MS, type EpochMs, SECOND_MS } from "../../core/time.ts";
import type { KlineSource, MarketList } from "../../ports/kline_source.ts";
import type { StoredSymbols, SymbolGroups } from "../../ports/symbol_list.ts";

interface PreviewDeps {
  readonly groups: Pick<SymbolGroups, "read">;
  readonly openSource: () => Pick<KlineSource, "listSymbols" | "listDayVolumes">;
  readonly now: () => EpochMs;
}

/** A resolved selection, and how each symbol came into it. */
export interface SymbolPreview {
  /** Without those that the exchange does not list. */
  readonly symbols: readonly string[];
  /** By item of the selection. */
  readonly choices: readonly { readonly item: string; readonly symbols: readonly string[] }[];
  /** Named symbols that the exchange does not list. */
  readonly unknown: readonly string[];
  /** Sources that could not be read, with the reason. */
  readonly notes: readonly string[];
}

/** Time limit for the exchange's answers to a preview. */
const PATIENCE_MS = 8 * SECOND_MS;

/** Resolves a selection without storing anything, by what can be read. */
export async function previewSymbols(
  deps: PreviewDeps,
  selection: SymbolSelection,
  signal: AbortSignal,
): Promise<SymbolPreview> {
  const notes: string[] = [];
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const orElse = async <T>(read: Promise<T>, other: T, consequence: string): Promise<T> => {
    try {
      return await read;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError) && !patience.aborted) throw error;
      const reason = error instanceof AppError
        ? describeError(error)
        : `The exchange did not answer within ${PATIENCE_MS / SECOND_MS} s`;
      notes.push(`${reason}. ${consequence}`);
      return other;
    }
  };
  const stored = await orElse(deps.groups.read(), NO_SYMBOLS, "Stored symbols are not known");
  const listed = await orElse(
    readExchange(deps, selection, stored, patience),
    undefined,
    "Using stored symbols; names are not checked",
  );
  const facts = mergeSymbols(stored, listed);
  const selected = selectSymbols(selection, facts).symbols;
  const known = new Set([
    ...facts.markets.map(({ symbol }) => symbol),
    ...listed?.unreadable ?? [],
  ]);
  const unknown = listed?.isWhole ? selected.filter((symbol) => !known.has(symbol)) : [];
  const isListed = (symbol: string) => !unknown.includes(symbol);
  const choices = selection.includes.map((term) => ({
    item: termText(term),
    symbols: selectSymbols({ ...selection, includes: [term] }, facts).symbols.filter(isListed),
  }));
  return { symbols: selected.filter(isListed), choices, unknown, notes };
}

const NO_SYMBOLS: StoredSymbols = {
  markets: [],
  ranking: [],
  rankedAt: undefined,
  members: new Map(),
};

type ListedSymbols =
  & Pick<StoredSymbols, "markets">
  & Partial<Pick<StoredSymbols, "ranking">>
  & Pick<MarketList, "isWhole" | "unreadable">;

/**
 * The exchange's list, with volumes when the selection ranks and stored ones are missing or old.
 */
async function readExchange(
  { openSource, now }: PreviewDeps,
  selection: SymbolSelection,
  { rankedAt = -Infinity }: StoredSymbols,
  signal: AbortSignal,
): Promise<ListedSymbols> {
  const source = openSource();
  const { symbols: markets, isWhole, unreadable } = await source.listSymbols(signal);
  const list = { markets, isWhole, unreadable };
  if (!hasTop(selection) || now() - rankedAt < DAY_MS) return list;
  const volumes = await source.listDayVolumes(markets, signal);
  return { ...list, ranking: volumes.map(({ symbol }) => symbol) };
}

function mergeSymbols(stored: StoredSymbols, listed: ListedSymbols | undefined): StoredSymbols {
  if (listed === undefined) return stored;
  const markets = new Map([...stored.markets, ...listed.markets].map((one) => [one.symbol, one]));
  return { ...stored, markets: [...markets.values()], ranking: listed.ranking ?? stored.ranking };
}
