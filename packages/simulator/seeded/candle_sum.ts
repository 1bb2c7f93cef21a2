import { LOT_STEPS, type TickCandle } from "./tick_candle.ts";

/** Adds up candles in time order, exactly. Values are kept as whole units and fractions. */
export class CandleSum {
  /** Added candles, including those without trades; 0 means that there is no candle. */
  count = 0;
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  trades = 0;
  /** In steps. */
  volume = 0;
  takerVolume = 0;
  /** In whole units of the quote asset, and in `1 / scale` of it. */
  quoteWhole = 0;
  quoteFraction = 0;
  takerQuoteWhole = 0;
  takerQuoteFraction = 0;
  readonly #scale: number;

  /** `scale`: number of tick × step per unit of the quote asset. */
  constructor(scale: number) {
    this.#scale = scale;
  }

  add(candle: TickCandle): void {
    this.#addPrices(candle);
    if (candle.volume === 0) return;
    const fraction = candle.quote % this.#scale;
    const whole = (candle.quote - fraction) / this.#scale;
    this.trades += candle.trades;
    this.volume += candle.volume * LOT_STEPS;
    this.takerVolume += candle.volume * candle.buys;
    this.quoteWhole += whole * LOT_STEPS;
    this.quoteFraction += fraction * LOT_STEPS;
    this.takerQuoteWhole += whole * candle.buys;
    this.takerQuoteFraction += fraction * candle.buys;
  }

  #addPrices({ open, high, low, close }: TickCandle): void {
    if (this.count++ === 0) {
      this.open = open;
      this.high = high;
      this.low = low;
    } else {
      if (high > this.high) this.high = high;
      if (low < this.low) this.low = low;
    }
    this.close = close;
  }
}
