import { type Interval, intervalMs } from "../../core/interval.ts";
import { MAX_CANDLES } from "../../core/kline.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";
import { type Candle, withNewer } from "./candle.ts";

/** Loads closed candles of `[from, to)`. */
export type LoadCandles = (interval: Interval, range: TimeRange) => Promise<Candle[]>;

/** Loaded candles of one interval, as one contiguous time range. */
export class CandleMemory {
  readonly interval: Interval;
  #candles: readonly Candle[] = [];
  /** The range already requested; everything the server has in it is loaded. */
  #held: TimeRange | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #load: LoadCandles;

  constructor(interval: Interval, load: LoadCandles) {
    this.interval = interval;
    this.#load = load;
  }

  get candles(): readonly Candle[] {
    return this.#candles;
  }

  /**
   * Appends newer candles, and replaces those that they revise; `end` is the end of the newest. If
   * candles before them are missing, they are left to `cover`.
   */
  append(fresh: readonly Candle[], end: EpochMs): void {
    const first = fresh[0]?.openTime;
    if (this.#held === undefined || first === undefined || first > this.#held.to) return;
    this.#candles = withNewer(this.#candles, fresh);
    this.#held = { from: this.#held.from, to: Math.max(this.#held.to, end) };
  }

  holds({ from, to }: TimeRange): boolean {
    return this.#held !== undefined && this.#held.from <= from && this.#held.to >= to;
  }

  /** Loads the missing part of `range`; returns whether there was any. */
  cover(range: TimeRange): Promise<boolean> {
    const work = this.#queue.then(() => this.#cover(range));
    this.#queue = work.catch(() => {});
    return work;
  }

  async #cover({ from, to }: TimeRange): Promise<boolean> {
    if (from >= to || this.holds({ from, to })) return false;
    const page = MAX_CANDLES * intervalMs(this.interval);
    const held = this.#held;
    if (held === undefined || to < held.from - page || from > held.to + page) {
      const start = Math.max(from, to - page);
      this.#candles = await this.#load(this.interval, { from: start, to });
      this.#held = { from: start, to };
      return true;
    }
    const older = { from: Math.max(from, held.from - page), to: held.from };
    const newer = { from: held.to, to: Math.min(to, held.to + page) };
    const [before, after] = await Promise.all(
      [older, newer].map((part) => part.from < part.to ? this.#load(this.interval, part) : []),
    );
    this.#candles = [...before!, ...this.#candles, ...after!];
    this.#held = { from: Math.min(older.from, held.from), to: Math.max(newer.to, held.to) };
    return true;
  }
}
