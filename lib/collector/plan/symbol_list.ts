import { AppError, describeError } from "../../core/errors.ts";
import {
  hasGroup,
  namedSymbols,
  type SelectedSymbols,
  selectSymbols,
  type SymbolSelection,
} from "../../core/symbol_selection.ts";
import { DAY_MS, type EpochMs, MINUTE_MS, SECOND_MS } from "../../core/time.ts";
import type { Logger } from "../../ports/host.ts";
import type { KlineSource } from "../../ports/kline_source.ts";
import type { KlineStore } from "../../ports/kline_store.ts";
import type { StoredSymbols, SymbolGroups, SymbolList } from "../../ports/symbol_list.ts";
import { previewSymbols, type SymbolPreview } from "./symbol_preview.ts";

type SymbolSource = Pick<KlineSource, "listSymbols" | "listDayVolumes" | "serverTime">;

export interface SymbolListDeps {
  readonly selection: SymbolSelection;
  readonly groups: SymbolGroups;
  readonly store: Pick<KlineStore, "saveSymbols">;
  readonly openSource: () => SymbolSource;
  readonly now: () => EpochMs;
  readonly log: Logger;
}

/** A `SymbolList` that the collector's jobs keep up to date. */
export interface CollectedSymbols extends SymbolList {
  /**
   * Reads the exchange's list, at most every five minutes, adds new members to the groups, and
   * returns the symbols to collect. Ranks for `top:` are read once a day. Without an answer of the
   * exchange the symbols stay as they are stored.
   *
   * @throws `store_unavailable`
   */
  update(signal: AbortSignal): Promise<readonly string[]>;
  /** Resolves another selection, such as that of a command, in the same way; it gets no members. */
  select(selection: SymbolSelection, signal: AbortSignal): Promise<readonly string[]>;
  /** Resolves a selection without storing anything; works without database and exchange. */
  preview(selection: SymbolSelection, signal: AbortSignal): Promise<SymbolPreview>;
  /** Resolves a selection among stored symbols, whatever their status. */
  selectStored(selection: SymbolSelection): Promise<ReadonlySet<string>>;
}

const MAX_AGE_MS = 30 * SECOND_MS;
const UPDATE_MS = 5 * MINUTE_MS;
/** New names in one line of the log. */
const MAX_NAMED = 20;

export function createSymbolList(deps: SymbolListDeps): CollectedSymbols {
  const { selection } = deps;
  const exchange = createExchangeReader(deps);
  const select = async (other: SymbolSelection, signal: AbortSignal) => {
    const names = namedSymbols(other);
    if (names !== undefined) return names;
    await exchange.read(other, signal);
    return selectSymbols(other, await deps.groups.read()).symbols;
  };
  const selectStored = async (other: SymbolSelection) => {
    const { markets, ranking } = await deps.groups.read();
    const facts = { markets, ranking, members: new Map() };
    return new Set(selectSymbols({ ...other, statuses: [] }, facts).symbols);
  };
  const preview = (other: SymbolSelection, signal: AbortSignal) =>
    previewSymbols(deps, other, signal);
  const named = namedSymbols(selection);
  const list = named === undefined ? createGroupList(deps, exchange) : createFixedList(named);
  return { ...list, select, preview, selectStored };
}

type OwnList = Pick<CollectedSymbols, "current" | "read" | "update">;

function createFixedList(symbols: readonly string[]): OwnList {
  const read = () => Promise.resolve(symbols);
  return { current: () => symbols, read, update: read };
}

function createGroupList(
  { selection, groups, now, log }: SymbolListDeps,
  exchange: ExchangeReader,
): OwnList {
  let symbols: readonly string[] = selection.includes.flatMap((term) =>
    term.kind === "symbol" && !term.mayBeQuote ? [term.symbol] : []
  );
  let readAt = -Infinity;

  async function resolve(): Promise<{ stored: StoredSymbols; selected: SelectedSymbols }> {
    const stored = await groups.read();
    const selected = selectSymbols(selection, stored);
    symbols = selected.symbols;
    readAt = now();
    return { stored, selected };
  }

  async function addMembers(stored: StoredSymbols, selected: SelectedSymbols): Promise<void> {
    const added = [...selected.members].flatMap(([group, members]) => {
      const fresh = members.difference(stored.members.get(group) ?? new Set());
      return fresh.size === 0 ? [] : [[group, fresh] as const];
    });
    if (added.length === 0) return;
    await groups.addMembers(new Map(added), now());
    for (const [group, fresh] of added) {
      log.info(`Added to ${group} of SYMBOLS: ${listNames([...fresh])}`);
    }
  }

  return {
    current: () => symbols,
    async read() {
      const age = now() - readAt;
      if (age >= 0 && age < MAX_AGE_MS) return symbols;
      try {
        await resolve();
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
      return symbols;
    },
    async update(signal) {
      await exchange.read(selection, signal);
      const { stored, selected } = await resolve();
      await addMembers(stored, selected);
      return symbols;
    },
  };
}

interface ExchangeReader {
  /** Saves the exchange's list, and volumes when `selection` has groups and they are a day old. */
  read(selection: SymbolSelection, signal: AbortSignal): Promise<void>;
}

function createExchangeReader(
  { groups, store, openSource, now, log }: SymbolListDeps,
): ExchangeReader {
  let listedAt = -Infinity;

  async function list(source: SymbolSource, signal: AbortSignal): Promise<void> {
    const age = now() - listedAt;
    if (age >= 0 && age < UPDATE_MS) return;
    const { symbols } = await source.listSymbols(signal);
    await store.saveSymbols(symbols, await source.serverTime(signal));
    listedAt = now();
  }

  async function rank(source: SymbolSource, signal: AbortSignal): Promise<void> {
    const { rankedAt, markets } = await groups.read();
    const age = now() - (rankedAt ?? -Infinity);
    if (age >= 0 && age < DAY_MS) return;
    await groups.saveVolumes(await source.listDayVolumes(markets, signal), now());
  }

  return {
    async read(selection, signal) {
      const source = openSource();
      try {
        await list(source, signal);
        if (hasGroup(selection)) await rank(source, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AppError) || error.code === "store_unavailable") throw error;
        log.debug(`Using the stored list of symbols: ${describeError(error)}`);
      }
    },
  };
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).join(", ");
  return names.length > MAX_NAMED ? `${shown} and ${names.length - MAX_NAMED} more` : shown;
}
