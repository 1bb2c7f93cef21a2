import { AppError } from "../core/errors.ts";
import { HOUR_MS, SECOND_MS } from "../core/time.ts";
import type { Turn } from "../http/gate.ts";

/** Minimum pace of an export's reader. Bytes are counted before compression. */
export interface Pace {
  /** Minimum average rate of a reader. */
  readonly bytesPerSecond: number;
  /** The time that a reader may fall behind that rate, in ms. */
  readonly graceMs: number;
  /** The same while another client waits for the place. */
  readonly wanted: { readonly bytesPerSecond: number; readonly graceMs: number };
  /** Time limit from the first byte to the last. */
  readonly totalMs: number;
}

export const PACE: Pace = {
  bytesPerSecond: 64 * 1024,
  graceMs: 30 * SECOND_MS,
  wanted: { bytesPerSecond: 512 * 1024, graceMs: 10 * SECOND_MS },
  totalMs: HOUR_MS,
};

export interface PacedOptions {
  readonly turn: Turn;
  readonly onCut: (reason: "slow" | "late") => void;
  readonly pace?: Pace;
  /** In ms, monotonic. */
  readonly now?: () => number;
  readonly checkEveryMs?: number;
}

/** Remaining time before the reader counts as too slow; each byte read adds to it. */
class Allowance {
  readonly #bytesPerMs: number;
  readonly #mostMs: number;
  #leftMs: number;

  constructor({ bytesPerSecond, graceMs }: Pace["wanted"]) {
    this.#bytesPerMs = bytesPerSecond / SECOND_MS;
    this.#mostMs = this.#leftMs = graceMs;
  }

  earn(bytes: number): void {
    this.#leftMs = Math.min(this.#mostMs, this.#leftMs + bytes / this.#bytesPerMs);
  }

  spend(ms: number): void {
    this.#leftMs -= ms;
  }

  get isSpent(): boolean {
    return this.#leftMs <= 0;
  }
}

/**
 * `source`, which fails if its reader is too slow (earlier while another client waits) or takes too
 * long in total. Only the reader's time counts, not the source's. Releases `turn` with the stream.
 */
export function paced(
  source: ReadableStream<Uint8Array>,
  options: PacedOptions,
): ReadableStream<Uint8Array> {
  return new ReadableStream(new PacedSource(source.getReader(), options), { highWaterMark: 0 });
}

class PacedSource implements UnderlyingDefaultSource<Uint8Array> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #options: PacedOptions;
  readonly #pace: Pace;
  readonly #now: () => number;
  readonly #always: Allowance;
  readonly #wanted: Allowance;
  readonly #startedAt: number;
  /** Time since which unread data is available. */
  #offeredAt: number | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>, options: PacedOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#pace = options.pace ?? PACE;
    this.#now = options.now ?? (() => performance.now());
    this.#always = new Allowance(this.#pace);
    this.#wanted = new Allowance(this.#pace.wanted);
    this.#startedAt = this.#now();
  }

  start(out: ReadableStreamDefaultController<Uint8Array>): void {
    this.#watch = setInterval(() => this.#check(out), this.#options.checkEveryMs ?? SECOND_MS);
  }

  async pull(out: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.#countWait();
    this.#offeredAt = undefined;
    try {
      const { done, value } = await this.#reader.read();
      if (done) {
        this.#finish();
        return out.close();
      }
      this.#always.earn(value.length);
      this.#wanted.earn(value.length);
      this.#offeredAt = this.#now();
      out.enqueue(value);
    } catch (error) {
      this.#finish();
      throw error;
    }
  }

  async cancel(reason: unknown): Promise<void> {
    this.#finish();
    await this.#reader.cancel(reason);
  }

  #countWait(): void {
    if (this.#offeredAt === undefined) return;
    const at = this.#now();
    this.#always.spend(at - this.#offeredAt);
    this.#wanted.spend(at - this.#offeredAt);
    this.#offeredAt = at;
  }

  #check(out: ReadableStreamDefaultController<Uint8Array>): void {
    this.#countWait();
    const { bytesPerSecond, totalMs } = this.#pace;
    const isSlow = this.#always.isSpent || this.#wanted.isSpent && this.#options.turn.isWanted();
    const isLate = this.#now() - this.#startedAt > totalMs;
    if (!isSlow && !isLate) return;
    const cause = isSlow
      ? `its reader reads less than ${bytesPerSecond} bytes per second`
      : `it took longer than ${totalMs / SECOND_MS} s`;
    const message = `Export stopped: ${cause}; request a smaller range, or use compression`;
    this.#finish();
    this.#options.onCut(isSlow ? "slow" : "late");
    out.error(new AppError("busy", message));
    void this.#reader.cancel(message).catch(() => {});
  }

  #finish(): void {
    clearInterval(this.#watch);
    this.#options.turn.end();
  }
}
