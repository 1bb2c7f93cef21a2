import type { Decimal } from "../decimal.ts";
import type { EpochMs, TimeRange } from "../time.ts";

/** A time during which a symbol was traded. */
export interface SymbolLife {
  /** Open time of its first candle. */
  readonly listedAt: EpochMs;
  /** End of its last candle; `undefined`: traded when last checked. */
  readonly delistedAt: EpochMs | undefined;
  /**
   * `exchange`: exact to the minute. `archive`: exact to the day. `stored`: no more than the stored
   * candles show.
   */
  readonly source: "exchange" | "archive" | "stored";
  readonly firstPrice: Decimal | undefined;
  /** Of the newest closed daily candle. */
  readonly lastPrice: Decimal | undefined;
}

/** A change of status that the exchange has shown. */
export interface StatusChange {
  readonly at: EpochMs;
  readonly from: string;
  readonly to: string;
}

/** A symbol with its lives and the evidence for them. */
export interface SymbolRecord {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** Set when the assets are split from the name, because the exchange no longer names them. */
  readonly isSplit: boolean;
  readonly status: string;
  /** Ascending, at least one. */
  readonly lives: readonly SymbolLife[];
  /** When they were looked up. */
  readonly checkedAt: EpochMs | undefined;
  /** Months with files, of a symbol that only the archive has. */
  readonly archived: TimeRange | undefined;
  /** Ascending. */
  readonly statuses: readonly StatusChange[];
}
