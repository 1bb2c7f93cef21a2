import type { EpochMs, TimeRange } from "../core/time.ts";
import type { SymbolLife, SymbolRecord } from "../core/universe/symbol_record.ts";

/** A symbol whose lives are to be looked up. */
export interface DueSymbol {
  readonly symbol: string;
  readonly status: string;
  /** As last looked up, ascending; empty: never. */
  readonly lives: readonly SymbolLife[];
}

/** The result of a look-up. */
export interface FoundLives {
  readonly lives: readonly SymbolLife[];
  /** Months with files, for a symbol that only the archive has. */
  readonly archived?: TimeRange | undefined;
}

/** Keeps the lives of all symbols. Every method throws `store_unavailable`. */
export interface LifeStore {
  /**
   * Symbols that were never looked up, that have stopped trading or trade again, and those without
   * candles that were last looked up before `emptyBefore`; the most traded first.
   */
  listDue(limit: number, emptyBefore: EpochMs): Promise<DueSymbol[]>;
  /** Replaces the lives that begin at or after the first of `lives`, or all if there are none. */
  save(symbol: string, found: FoundLives, checkedAt: EpochMs): Promise<void>;
  /** By symbol, the lives of those that only the archive has. */
  listArchived(): Promise<ReadonlyMap<string, readonly SymbolLife[]>>;
  /** Names of all saved symbols. */
  listNames(): Promise<string[]>;
}

/** Reads what is known about all symbols. Every method throws `store_unavailable`. */
export interface UniverseReader {
  /** Every symbol with a life, by name. */
  list(): Promise<SymbolRecord[]>;
  /** Progress of the look-up. */
  progress(): Promise<UniverseProgress>;
}

export interface UniverseProgress {
  /** Symbols that have not been looked up yet. */
  readonly pending: number;
  /** When a symbol was last looked up; `undefined`: never. */
  readonly checkedAt: EpochMs | undefined;
}
