import type { EpochMs } from "../../../lib/core/time.ts";
import { blockWeight, type CandleBlock, type CandleRow } from "./candle_block.ts";
import type { Edits } from "./edits.ts";
import { Lru } from "./lru.ts";
import type { Market, Series, SeriesKey } from "./market.ts";

/** Reads candles with all edits applied, and keeps what it has computed, within bounds. */
export class CandleReader {
  readonly #edits: Edits;
  readonly #blocks: Lru<string, CandleBlock>;

  constructor(edits: Edits, cacheBytes: number) {
    this.#edits = edits;
    this.#blocks = new Lru(cacheBytes);
  }

  /** Bytes of candles kept in memory. */
  get cachedBytes(): number {
    return this.#blocks.weight;
  }

  /** Grows with every edit of the symbol's candles. */
  version(symbol: string): number {
    return this.#edits.of(symbol)?.version ?? 0;
  }

  series(market: Market, key: SeriesKey): Series {
    const source = market.series(key);
    const { symbol } = market;
    const name = `${symbol} ${key.interval} ${key.unit} ${key.offsetMs}`;
    const edits = this.#edits.of(symbol);
    return {
      next: (time) => source.next(time),
      last: (time) => source.last(time),
      blockStart: (time) => source.blockStart(time),
      blockAt: (time: EpochMs): CandleBlock => {
        const place = `${name} ${source.blockStart(time)} ${this.version(symbol)}`;
        return this.#blocks.take(place, () => {
          const block = source.blockAt(time);
          return edits?.applyTo(block, key) ?? block;
        }, blockWeight);
      },
      moving: (now): CandleRow | undefined => {
        const row = source.moving(now);
        return row === undefined || edits?.hides(row.open, key.interval) ? undefined : row;
      },
    };
  }
}
