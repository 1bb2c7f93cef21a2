import { LRUCache } from "lru-cache";
import type { Interval } from "../../../lib/core/interval.ts";
import type { EpochMs } from "../../../lib/core/time.ts";
import { blockWeight, type CandleBlock, type CandleRow } from "./candle_block.ts";
import type { Edits } from "./edits.ts";
import type { Market, Series } from "./market.ts";

/** Reads candles with all edits applied, and keeps computed blocks up to a size in bytes. */
export class CandleReader {
  readonly #edits: Edits;
  readonly #blocks: LRUCache<string, CandleBlock>;

  constructor(edits: Edits, cacheBytes: number) {
    this.#edits = edits;
    this.#blocks = new LRUCache({ maxSize: cacheBytes, sizeCalculation: blockWeight });
  }

  /** Grows with every edit of the symbol's candles. */
  version(symbol: string): number {
    return this.#edits.of(symbol)?.version ?? 0;
  }

  series(market: Market, interval: Interval): Series {
    const source = market.series(interval);
    const { symbol } = market;
    const edits = this.#edits.of(symbol);
    return {
      next: (time) => source.next(time),
      last: (time) => source.last(time),
      blockStart: (time) => source.blockStart(time),
      blockAt: (time: EpochMs): CandleBlock => {
        const key = `${symbol} ${interval} ${source.blockStart(time)} ${this.version(symbol)}`;
        const known = this.#blocks.get(key);
        if (known !== undefined) return known;
        const block = source.blockAt(time);
        const edited = edits?.applyTo(block, interval) ?? block;
        this.#blocks.set(key, edited);
        return edited;
      },
      openCandle: (now): CandleRow | undefined => {
        const row = source.openCandle(now);
        return row === undefined || edits?.hides(row.open, interval) ? undefined : row;
      },
    };
  }
}
