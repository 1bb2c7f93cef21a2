import type { Interval } from "../../../lib/core/interval.ts";
import type { EpochMs, TimeRange } from "../../../lib/core/time.ts";
import { type CandleBlock, packBlock, unpackBlock } from "./candle_block.ts";
import type { SeriesKey } from "./market.ts";
import type { Revision } from "./revision.ts";

interface Gap extends TimeRange {
  /** Absent: in every interval. */
  readonly interval: Interval | undefined;
}

/** What has been done to the candles of one symbol since the start. */
export class SymbolEdits {
  /** Grows with every edit. */
  version = 1;
  #gaps: Gap[] = [];
  readonly #revisions: Revision[] = [];

  hide(range: TimeRange, interval: Interval | undefined): void {
    this.#gaps.push({ ...range, interval });
    this.version++;
  }

  /** Shows again what opens in the range, whichever call hid it. */
  unhide(range: TimeRange, interval: Interval | undefined): void {
    this.#gaps = this.#gaps.flatMap((gap) => {
      if (interval !== undefined && gap.interval !== interval) return gap;
      return [
        { ...gap, to: Math.min(gap.to, range.from) },
        { ...gap, from: Math.max(gap.from, range.to) },
      ].filter(({ from, to }) => from < to);
    });
    this.version++;
  }

  revise(revision: Revision): void {
    this.#revisions.push(revision);
    this.version++;
  }

  hides(open: EpochMs, interval: Interval): boolean {
    return this.#gaps.some((gap) =>
      (gap.interval ?? interval) === interval && open >= gap.from && open < gap.to
    );
  }

  applyTo(block: CandleBlock, key: SeriesKey): CandleBlock {
    let isTouched = false;
    const rows = unpackBlock(block).flatMap((row) => {
      if (this.hides(row.open, key.interval)) {
        isTouched = true;
        return [];
      }
      let text = row.text;
      for (const revision of this.#revisions) text = revision.apply({ ...row, text }, key);
      isTouched ||= text !== row.text;
      return { ...row, text };
    });
    return isTouched ? packBlock(block.range, rows) : block;
  }
}

/** All edits, by symbol. */
export class Edits {
  readonly #symbols = new Map<string, SymbolEdits>();

  of(symbol: string): SymbolEdits | undefined {
    return this.#symbols.get(symbol);
  }

  for(symbol: string): SymbolEdits {
    const known = this.#symbols.get(symbol) ?? new SymbolEdits();
    this.#symbols.set(symbol, known);
    return known;
  }
}
