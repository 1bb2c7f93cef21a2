import type { EpochMs } from "../../../lib/core/time.ts";

/**
 * A lot is 16 steps of the symbol's step size. All generated volumes are whole lots, so that `buys`
 * sixteenths of a volume and of its value are whole numbers at every level.
 */
export const LOT_STEPS = 16;

/** A generated candle: integers only, all below 2^53, hence exact. */
export interface TickCandle {
  readonly time: EpochMs;
  /** In ticks. */
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** In lots. */
  readonly volume: number;
  /** In ticks × lots: the sum of price × volume over the trades. */
  readonly quote: number;
  readonly trades: number;
  /** Sixteenths of the volume that takers bought; the same throughout an hour. */
  readonly buys: number;
  /** Opens at another price than the close before it, so its first part must have trades. */
  readonly jumps: boolean;
}

/** Candles by position within their parent; positions without trading time stay undefined. */
export type Slots = readonly (TickCandle | undefined)[];

/** A candle without trades, at the last price. */
export function quietCandle(time: EpochMs, price: number): TickCandle {
  return {
    time,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: 0,
    quote: 0,
    trades: 0,
    buys: 8,
    jumps: false,
  };
}
