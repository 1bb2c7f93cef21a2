import { endOf, type Interval, intervalMs, openTimeOf } from "../../../lib/core/interval.ts";
import { type EpochMs, HOUR_MS, MINUTE_MS, type TimeRange } from "../../../lib/core/time.ts";
import type { OffGrid } from "./trading_hours.ts";

/** Candles per block: few enough to compute at once, enough for a page to span two or three. */
const BLOCK_CANDLES: Readonly<Record<Interval, number>> = {
  "1s": 900,
  "1m": 720,
  "3m": 960,
  "5m": 864,
  "15m": 960,
  "30m": 960,
  "1h": 960,
  "2h": 720,
  "4h": 720,
  "6h": 480,
  "8h": 360,
  "12h": 360,
  "1d": 360,
  "3d": 120,
  "1w": 52,
  "1M": 12,
};

/** Borders of the candles of an interval. */
export class Grid {
  readonly #interval: Interval;
  readonly #offGrid: OffGrid | undefined;

  constructor(interval: Interval, offGrid: OffGrid | undefined) {
    const step = intervalMs(interval);
    this.#interval = interval;
    this.#offGrid = step >= MINUTE_MS && step <= 2 * HOUR_MS ? offGrid : undefined;
  }

  /** The candle around `time`. */
  spanAt(time: EpochMs): TimeRange {
    const off = this.#offGrid;
    if (off !== undefined && time >= off.from && time < off.to) {
      return this.#offGridSpan(time, off);
    }
    return this.#spanFrom(openTimeOf(time, this.#interval));
  }

  /** The candles that open in a block, ascending. */
  spans(block: TimeRange): TimeRange[] {
    const spans: TimeRange[] = [];
    for (let open = block.from; open < block.to;) {
      const span = this.#spanFrom(open);
      if (!this.#isSilent(open)) spans.push(span);
      open = span.to;
    }
    const off = this.#offGrid;
    if (off === undefined || off.silentFrom >= block.to || off.to <= block.from) return spans;
    const inside = [...this.#offGridSpans(off)]
      .filter(({ from }) => from >= block.from && from < block.to);
    return [...spans, ...inside].sort((a, b) => a.from - b.from);
  }

  /** The block around `time`: whole candles, the same for every caller. */
  blockAt(time: EpochMs): TimeRange {
    const count = BLOCK_CANDLES[this.#interval];
    if (this.#interval === "1M") {
      const year = new Date(time).getUTCFullYear();
      return { from: Date.UTC(year, 0), to: Date.UTC(year + 1, 0) };
    }
    const span = intervalMs(this.#interval) * count;
    const origin = openTimeOf(0, this.#interval);
    const from = Math.floor((time - origin) / span) * span + origin;
    return { from, to: from + span };
  }

  #spanFrom(open: EpochMs): TimeRange {
    return { from: open, to: endOf(open, this.#interval) };
  }

  #isSilent(open: EpochMs): boolean {
    const off = this.#offGrid;
    return off !== undefined && open >= off.silentFrom && open < off.to;
  }

  #offGridSpan(time: EpochMs, { offset, to }: OffGrid): TimeRange {
    const open = openTimeOf(time - offset, this.#interval) + offset;
    return { from: open, to: Math.min(to, open + intervalMs(this.#interval)) };
  }

  *#offGridSpans(off: OffGrid): Generator<TimeRange> {
    for (let time = off.from; time < off.to;) {
      const span = this.#offGridSpan(time, off);
      yield span;
      time = span.to;
    }
  }
}
