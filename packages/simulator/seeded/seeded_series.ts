import type { Interval } from "../../../lib/core/interval.ts";
import { type EpochMs, SECOND_MS, type TimeRange } from "../../../lib/core/time.ts";
import type { CandleBlock, CandleRow } from "../market/candle_block.ts";
import type { Series } from "../market/market.ts";
import { AsciiWriter } from "./ascii_writer.ts";
import type { CandleSum } from "./candle_sum.ts";
import type { SymbolSpec } from "./catalogue.ts";
import { Grid } from "./grid.ts";
import { type RowTimes, writeRow } from "./row_format.ts";
import { quietCandle } from "./tick_candle.ts";
import type { TradingHours } from "./trading_hours.ts";

/** All trading of a symbol in a range; borders are whole seconds. */
export interface Candles {
  sum(range: TimeRange): CandleSum;
}

export interface SeededParts {
  readonly spec: SymbolSpec;
  readonly hours: TradingHours;
  readonly candles: Candles;
}

/** Typical length of a row, to reserve space for a block. */
const ROW_BYTES = 188;

/** The generated candles of one symbol and interval. */
export class SeededSeries implements Series {
  readonly #parts: SeededParts;
  readonly #grid: Grid;

  constructor(parts: SeededParts, interval: Interval) {
    this.#parts = parts;
    this.#grid = new Grid(interval, parts.hours.offGrid);
  }

  blockAt(time: EpochMs): CandleBlock {
    const range = this.#grid.blockAt(time);
    const spans = this.#grid.spans(range);
    const isOnTime = this.#parts.hours.closesOnTime({
      from: range.from,
      to: spans.at(-1)?.to ?? range.to,
    });
    const out = new AsciiWriter(spans.length * ROW_BYTES);
    const opens: EpochMs[] = [];
    const ends: EpochMs[] = [];
    const offsets = [0];
    for (const span of spans) {
      const sum = this.#parts.candles.sum(wholeSeconds(span));
      if (sum.count === 0) continue;
      this.#write(out, sum, { open: span.from, close: isOnTime ? span.to - 1 : this.#close(span) });
      out.text(",");
      opens.push(span.from);
      ends.push(span.to);
      offsets.push(out.length);
    }
    return {
      range,
      opens: Float64Array.from(opens),
      ends: Float64Array.from(ends),
      offsets: Uint32Array.from(offsets),
      bytes: out.toBytes(),
    };
  }

  blockStart(time: EpochMs): EpochMs {
    return this.#grid.blockAt(time).from;
  }

  next(time: EpochMs): EpochMs | undefined {
    return this.#parts.hours.nextTrading(time);
  }

  last(time: EpochMs): EpochMs | undefined {
    return this.#parts.hours.lastTrading(time);
  }

  openCandle(now: EpochMs): CandleRow | undefined {
    const span = this.#grid.spanAt(now);
    const { from } = wholeSeconds(span);
    const second = Math.max(from, Math.floor(now / SECOND_MS) * SECOND_MS);
    const sum = this.#parts.candles.sum({ from, to: second });
    if (sum.count === 0) this.#addOpening(sum, second);
    if (sum.count === 0) return undefined;
    const out = new AsciiWriter();
    this.#write(out, sum, { open: span.from, close: this.#close(span) });
    return { open: span.from, end: span.to, text: out.toString() };
  }

  /** A candle in its first second has the price of the next trade. */
  #addOpening(sum: CandleSum, second: EpochMs): void {
    const first = this.#parts.candles.sum({ from: second, to: second + SECOND_MS });
    if (first.count > 0) sum.add(quietCandle(second, first.open));
  }

  #close(span: TimeRange): EpochMs {
    return this.#parts.hours.closeTime(span);
  }

  #write(out: AsciiWriter, sum: CandleSum, times: RowTimes): void {
    writeRow(out, sum, times, this.#parts.spec);
  }
}

/** Seconds belong to the candle in which they begin, so that off-grid candles leave none out. */
function wholeSeconds({ from, to }: TimeRange): TimeRange {
  return {
    from: Math.ceil(from / SECOND_MS) * SECOND_MS,
    to: Math.ceil(to / SECOND_MS) * SECOND_MS,
  };
}
