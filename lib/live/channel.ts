import type { Series } from "../core/kline.ts";
import { type KlineRowText, openTimeOfRow } from "../core/text/kline_row_text.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { KlineReader } from "../ports/kline_reader.ts";
import type { LiveState } from "../ports/live.ts";

/** An open candle last seen longer ago is not shown. */
const STALE_MS = 15 * SECOND_MS;
/** Closed candles read at a time; a viewer that missed more reads several batches. */
const BATCH = 200;
/** Batches kept at most. Viewers at the same open time share one. */
const MAX_BATCHES = 50;

/** An open candle, and the channel's version at its last change. */
interface Tick {
  readonly row: KlineRowText;
  readonly version: number;
}

/** The newest state of a series, shared by its viewers in this process. */
export class Channel {
  readonly series: Series;
  readonly #reader: KlineReader;
  readonly #now: () => EpochMs;
  readonly #listeners = new Set<() => void>();
  #closedTo: EpochMs;
  #ticks = new Map<EpochMs, Tick>();
  #version = 0;
  #seenAt = -Infinity;
  #batches = new Map<EpochMs, Promise<KlineRowText[]>>();

  constructor(
    series: Series,
    { reader, now, closedTo }: { reader: KlineReader; now: () => EpochMs; closedTo: EpochMs },
  ) {
    this.series = series;
    this.#reader = reader;
    this.#now = now;
    this.#closedTo = closedTo;
  }

  /** Open time of the newest candle known to be stored. */
  get closedTo(): EpochMs {
    return this.#closedTo;
  }

  /** Rows that are not stored yet, ascending; empty when last seen more than 15 s ago. */
  get openRows(): readonly KlineRowText[] {
    if (this.#now() > this.#seenAt + STALE_MS) return [];
    return [...this.#ticks.values()].map(({ row }) => row);
  }

  /** Calls `listener` on every update of the board's state. */
  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  unlisten(listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Takes over a state of the board. */
  update({ rows, closedTo, seenAt }: LiveState): void {
    this.#advance(closedTo);
    this.#seenAt = seenAt;
    const ticks = new Map<EpochMs, Tick>();
    for (const row of this.#now() > seenAt + STALE_MS ? [] : rows) {
      const openTime = openTimeOfRow(row);
      if (openTime <= this.#closedTo) continue;
      const known = this.#ticks.get(openTime);
      ticks.set(openTime, known?.row === row ? known : { row, version: ++this.#version });
    }
    this.#ticks = ticks;
    for (const listener of this.#listeners) listener();
  }

  /** Records that candles are stored up to open time `closedTo`. */
  noteClosed(closedTo: EpochMs): void {
    this.#advance(closedTo);
  }

  #advance(closedTo: EpochMs): void {
    if (closedTo <= this.#closedTo) return;
    this.#closedTo = closedTo;
    this.#batches.clear();
  }

  /** Open candles that open strictly after `openTime` and have changed since `version`. */
  ticksSince(version: number, openTime: EpochMs): { rows: KlineRowText[]; version: number } {
    const rows = [...this.#ticks].filter(([open, tick]) =>
      open > openTime && tick.version > version
    ).map(([, { row }]) => row);
    return { rows, version: this.#version };
  }

  /**
   * The oldest stored candles that open strictly after `openTime`, ascending, at most 200.
   *
   * @throws `store_unavailable`
   */
  closesAfter(openTime: EpochMs): Promise<readonly KlineRowText[]> {
    const known = this.#batches.get(openTime);
    if (known !== undefined) return known;
    const batch = this.#reader.rowsAfter(this.series, openTime, BATCH);
    if (this.#batches.size >= MAX_BATCHES) this.#batches.clear();
    this.#batches.set(openTime, batch);
    const forget = () => {
      if (this.#batches.get(openTime) === batch) this.#batches.delete(openTime);
    };
    batch.then((rows) => rows.length === 0 && forget(), forget); // the next read may find rows
    return batch;
  }
}
