import type { Interval } from "../../core/interval.ts";
import type { EpochMs } from "../../core/time.ts";
import type { Move } from "./moved_window.ts";

/** The newest stored price of a symbol. */
export interface Quote {
  readonly last: number;
  /** Open time of the candle whose close it is. */
  readonly lastOpenTime: EpochMs;
  readonly decimals: number;
  /** The price 24 hours before; `undefined` where none is stored. */
  readonly dayAgo?: number | undefined;
}

/** Addresses of the moves that lead somewhere. */
export type MoveHrefs = Readonly<Partial<Record<Move, string | undefined>>>;

/** The server's data about the view it rendered, for islands; written as JSON. */
export interface ViewFacts {
  readonly interval: Interval;
  /** Open time of the newest candle of the view. */
  readonly newest: EpochMs;
  /** Open time of the open candle, where its row stands above those of the view. */
  readonly opens?: EpochMs | undefined;
  /** Of prices and of volumes. */
  readonly decimals: number;
  readonly volumeDecimals: number;
  /** Origins of the candles, in the format of `spansText`. */
  readonly spans: string;
  /** Links from the view to neighbouring ones. */
  readonly moves: MoveHrefs;
  /** Of the symbol; `undefined` while it is being collected. */
  readonly quote?: Quote | undefined;
}
