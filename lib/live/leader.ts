import { describeError } from "../core/errors.ts";
import { endOf } from "../core/interval.ts";
import { type Kline, type Series, seriesName } from "../core/kline.ts";
import { toRowText } from "../core/text/kline_row_text.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { Leases } from "../ports/boards.ts";
import type { Clock, Logger } from "../ports/host.ts";
import type { LiveBoard, LiveSource } from "../ports/live.ts";

export interface UpstreamDeps {
  readonly source: LiveSource;
  readonly board: LiveBoard;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Logger;
  /** The exchange's clock. */
  readonly serverTime: () => EpochMs;
  /** @throws when the exchange serves another market than the stored candles come from */
  readonly requireMarket: () => Promise<void>;
  /**
   * Stores the candles that have closed since the newest stored one, through the collector. Returns
   * the open time of the newest stored candle.
   */
  readonly catchUp: (series: Series, signal: AbortSignal) => Promise<EpochMs>;
}

/** Delay after a candle's end until the exchange's database has its final row. */
const SETTLING_MS = 1.5 * SECOND_MS;
/** Delay between two attempts to store the same candle. */
const RETRY_MS = 5 * SECOND_MS;
/** Age at which an unchanged state is written again, so that readers do not consider it expired. */
const RENEW_MS = 5 * SECOND_MS;

/** Writes the exchange's newest candles to the board, and stores each candle when it has closed. */
export class Leader {
  readonly #deps: UpstreamDeps;
  readonly #series: Series;
  #klines: readonly Kline[] = [];
  #closedTo: EpochMs;
  #written = { text: "", at: -Infinity };
  /** Candles that open before `bound` have ended; known since `at`. */
  #ended = { bound: 0, at: 0 };
  /** All earlier candles were fetched; those that exist are stored. */
  #caughtUpTo: EpochMs = 0;
  #retryAt: EpochMs = 0;
  #catchingUp: Promise<void> | undefined;

  constructor(deps: UpstreamDeps, series: Series, closedTo: EpochMs) {
    this.#deps = deps;
    this.#series = series;
    this.#closedTo = closedTo;
  }

  async see(klines: readonly Kline[], signal: AbortSignal): Promise<void> {
    this.#klines = klines;
    if (this.#mustCatchUp()) {
      this.#catchingUp = this.#catchUp(signal).finally(() => this.#catchingUp = undefined);
    }
    await this.#publish();
  }

  /** Resolves when the write in progress has ended. */
  async settled(): Promise<void> {
    await this.#catchingUp;
  }

  #mustCatchUp(): boolean {
    const last = this.#klines.at(-1);
    if (last === undefined) return false;
    const { interval } = this.#series;
    const now = this.#deps.clock.now();
    // Without trades no later row arrives, so the clock decides that the last one has ended.
    const hasEnded = this.#deps.serverTime() >= endOf(last.openTime, interval) + SETTLING_MS;
    const bound = hasEnded ? last.openTime + 1 : last.openTime;
    if (endOf(this.#closedTo, interval) >= bound || this.#caughtUpTo >= bound) return false;
    if (this.#ended.bound !== bound) this.#ended = { bound, at: now };
    const isSettled = hasEnded || now >= this.#ended.at + SETTLING_MS;
    return isSettled && now >= this.#retryAt && this.#catchingUp === undefined;
  }

  async #catchUp(signal: AbortSignal): Promise<void> {
    const { catchUp, clock, log } = this.#deps;
    const { bound } = this.#ended;
    try {
      this.#closedTo = Math.max(this.#closedTo, await catchUp(this.#series, signal));
      const isIncomplete = this.#klines.some((kline) =>
        kline.openTime > this.#closedTo && kline.openTime < bound
      );
      if (isIncomplete) this.#retryAt = clock.now() + RETRY_MS;
      else this.#caughtUpTo = bound;
      await this.#publish();
    } catch (error) {
      this.#retryAt = clock.now() + RETRY_MS;
      if (signal.aborted) return;
      log.warn(
        `Cannot store closed candles of ${seriesName(this.#series)}: ${describeError(error)}`,
      );
    }
  }

  async #publish(): Promise<void> {
    const now = this.#deps.clock.now();
    const rows = this.#klines.map(toRowText);
    const text = `${this.#closedTo} ${rows}`;
    if (text === this.#written.text && now < this.#written.at + RENEW_MS) return;
    this.#written = { text, at: now };
    await this.#deps.board.write(this.#series, { rows, closedTo: this.#closedTo, seenAt: now });
  }
}
