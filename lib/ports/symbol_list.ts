import type { SelectableMarket } from "../core/symbol_selection.ts";
import type { EpochMs } from "../core/time.ts";

/** A market's trading volume of 24 hours. */
export interface DayVolume {
  readonly symbol: string;
  /** In US dollars; 0 when the quote asset cannot be converted. */
  readonly usd: number;
}

/** Stored facts about the exchange's markets and the groups that have selected them. */
export interface StoredSymbols {
  readonly markets: readonly SelectableMarket[];
  /** Symbols by trading volume, the largest first; those that were never ranked are left out. */
  readonly ranking: readonly string[];
  /** When volumes were last saved. */
  readonly rankedAt: EpochMs | undefined;
  /** By name of a group, the symbols that it has selected. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Keeps the members of symbol groups. Every method throws `store_unavailable`. */
export interface SymbolGroups {
  read(): Promise<StoredSymbols>;
  /** Replaces all volumes. Symbols that were never saved are left out. */
  saveVolumes(volumes: readonly DayVolume[], now: EpochMs): Promise<void>;
  /** Adds members; members are never removed. */
  addMembers(members: ReadonlyMap<string, ReadonlySet<string>>, now: EpochMs): Promise<void>;
}

/** The symbols that are collected, which change when SYMBOLS has groups. */
export interface SymbolList {
  /** As last known in this process; without groups all that SYMBOLS names. */
  current(): readonly string[];
  /** As stored, not older than half a minute; falls back to `current()` without a database. */
  read(): Promise<readonly string[]>;
}
