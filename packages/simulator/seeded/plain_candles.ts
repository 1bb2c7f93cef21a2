import { DAY_MS, type EpochMs, SECOND_MS, type TimeRange } from "../../../lib/core/time.ts";
import { CandleSum } from "./candle_sum.ts";
import type { SymbolSpec } from "./catalogue.ts";
import { mixText } from "./random.ts";
import type { TradingHours } from "./trading_hours.ts";

/** Lots per second, and the sixteenths of them that takers buy. */
const LOTS = 2;
const BUYS = 8;

/**
 * Candles of a price that rises until noon and falls until midnight, with the same volume in every
 * second. They cost almost nothing, for markets of thousands of symbols. Intervals agree exactly.
 */
export class PlainCandles {
  readonly scale: number;
  readonly #hours: TradingHours;
  /** Lowest and highest price of every day, in ticks. */
  readonly #low: number;
  readonly #rise: number;

  constructor({ symbol, tickDecimals, stepDecimals }: SymbolSpec, hours: TradingHours) {
    this.scale = 10 ** (tickDecimals + stepDecimals);
    this.#hours = hours;
    this.#low = 10_000 + mixText(symbol) % 10_000;
    this.#rise = this.#low >> 4;
  }

  /** All trading in the range; borders are whole seconds. */
  sum(range: TimeRange): CandleSum {
    const sum = new CandleSum(this.scale);
    const seconds = this.#hours.activeSeconds(range);
    if (seconds === 0) return sum;
    const from = this.#hours.nextTrading(range.from)!;
    const to = this.#hours.lastTrading(range.to - 1)! + 1;
    const [open, close] = [this.#priceAt(from), this.#priceAt(to)];
    const volume = seconds * LOTS;
    sum.add({
      time: from,
      open,
      close,
      high: holds(from, to, DAY_MS / 2) ? this.#low + this.#rise : Math.max(open, close),
      low: holds(from, to, 0) ? this.#low : Math.min(open, close),
      volume,
      quote: volume * this.#low,
      trades: seconds,
      buys: BUYS,
      jumps: false,
    });
    return sum;
  }

  #priceAt(time: EpochMs): number {
    const second = Math.floor(time / SECOND_MS) * SECOND_MS;
    const share = 1 - Math.abs(2 * (second % DAY_MS) / DAY_MS - 1);
    return this.#low + Math.round(this.#rise * share);
  }
}

/** Tells if the range holds a time at `offset` after midnight. */
function holds(from: EpochMs, to: EpochMs, offset: number): boolean {
  return Math.ceil((from - offset) / DAY_MS) * DAY_MS + offset <= to;
}
