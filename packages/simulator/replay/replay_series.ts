import { endOf, type Interval } from "../../../lib/core/interval.ts";
import type { EpochMs } from "../../../lib/core/time.ts";
import {
  type CandleBlock,
  type CandleRow,
  lowerBound,
  packBlock,
  unpackRow,
} from "../market/candle_block.ts";
import type { KlineRow } from "../market/kline_row.ts";
import type { Series } from "../market/market.ts";

const EVER = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** Saved candles of one interval, in one block. */
export class ReplaySeries implements Series {
  readonly #block: CandleBlock;

  private constructor(block: CandleBlock) {
    this.#block = block;
  }

  /** `rows` in any order; of several with one open time the last one counts. */
  static from(rows: readonly KlineRow[], interval: Interval): ReplaySeries {
    const latest = new Map<EpochMs, KlineRow>();
    for (const row of rows) latest.set(row[0], row);
    const sorted = [...latest.values()].sort((a, b) => a[0] - b[0]);
    return new ReplaySeries(packBlock(
      EVER,
      sorted.map((row, i) => ({
        open: row[0],
        // Off the grid the last candle overlaps the next one.
        end: Math.min(endOf(row[0], interval), sorted[i + 1]?.[0] ?? Infinity),
        text: JSON.stringify(row),
      })),
    ));
  }

  blockAt(): CandleBlock {
    return this.#block;
  }

  blockStart(): EpochMs {
    return EVER.from;
  }

  next(time: EpochMs): EpochMs | undefined {
    return time < EVER.to ? time : undefined;
  }

  last(time: EpochMs): EpochMs | undefined {
    return time >= EVER.from ? time : undefined;
  }

  openCandle(now: EpochMs): CandleRow | undefined {
    const row = this.newest(now);
    return row !== undefined && row.end > now ? row : undefined;
  }

  /** The last row that opens up to `now`. */
  newest(now: EpochMs): CandleRow | undefined {
    const index = lowerBound(this.#block.opens, now + 1) - 1;
    return index < 0 ? undefined : unpackRow(this.#block, index);
  }

  /** Rows that open from `from` up to, but not at, `to`. */
  between(from: EpochMs, to: EpochMs): CandleRow[] {
    const rows: CandleRow[] = [];
    const end = lowerBound(this.#block.opens, to);
    for (let i = lowerBound(this.#block.opens, from); i < end; i++) {
      rows.push(unpackRow(this.#block, i));
    }
    return rows;
  }
}
