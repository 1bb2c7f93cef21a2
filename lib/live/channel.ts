import type { Series } from "../core/kline.ts";
import { type KlineRowText, openTimeOfRow } from "../core/kline_row_text.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { KlineReader } from "../ports/kline_reader.ts";
import type { LiveState } from "../ports/live.ts";

/** A moving candle that was last seen longer ago says nothing about now. */
const STALE_MS = 15 * SECOND_MS;
/** Closes read at a time; whoever has missed more reads on from there. */
const PAGE = 200;
/** Viewers who are equally far share a page; so many different ones are kept. */
const MAX_PAGES = 50;

/** A moving candle as of its `version`, which grows with every change on the channel. */
interface Tick {
  readonly row: KlineRowText;
  readonly version: number;
}

/** What this process knows of the present of a series, for all who look at it. */
export class Channel {
  readonly series: Series;
  readonly #reader: KlineReader;
  readonly #now: () => EpochMs;
  readonly #listeners = new Set<() => void>();
  #closedTo: EpochMs;
  #ticks = new Map<EpochMs, Tick>();
  #version = 0;
  #seenAt = -Infinity;
  #pages = new Map<EpochMs, Promise<KlineRowText[]>>();

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

  /** Rows that are not stored yet, ascending; empty when they have not been seen lately. */
  get movingRows(): readonly KlineRowText[] {
    if (this.#now() > this.#seenAt + STALE_MS) return [];
    return [...this.#ticks.values()].map(({ row }) => row);
  }

  /** `listener` is called whenever there may be something new. */
  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  unlisten(listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Takes note of a state of the board. */
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

  /** Takes note that candles are stored up to `closedTo`. */
  noteClosed(closedTo: EpochMs): void {
    this.#advance(closedTo);
  }

  #advance(closedTo: EpochMs): void {
    if (closedTo <= this.#closedTo) return;
    this.#closedTo = closedTo;
    this.#pages.clear();
  }

  /** Moving candles that open after `openTime` and have changed since `version`. */
  ticksSince(version: number, openTime: EpochMs): { rows: KlineRowText[]; version: number } {
    const rows = [...this.#ticks].filter(([open, tick]) =>
      open > openTime && tick.version > version
    ).map(([, { row }]) => row);
    return { rows, version: this.#version };
  }

  /**
   * The oldest closes after `openTime`, ascending, a page of them.
   *
   * @throws `store_unavailable`
   */
  closesAfter(openTime: EpochMs): Promise<readonly KlineRowText[]> {
    const known = this.#pages.get(openTime);
    if (known !== undefined) return known;
    const page = this.#reader.rowsAfter(this.series, openTime, PAGE);
    if (this.#pages.size >= MAX_PAGES) this.#pages.clear();
    this.#pages.set(openTime, page);
    const forget = () => {
      if (this.#pages.get(openTime) === page) this.#pages.delete(openTime);
    };
    page.then((rows) => rows.length === 0 && forget(), forget); // asked again, it may be there
    return page;
  }
}
