import { AppError } from "../core/errors.ts";
import { HOUR_MS, SECOND_MS } from "../core/time.ts";
import type { Turn } from "../http/gate.ts";

/** What an export asks of its reader. Bytes are of candles, before compression. */
export interface Pace {
  /** A reader that takes fewer on average ends its export. */
  readonly bytesPerSecond: number;
  /** How long it may fall behind that. */
  readonly graceMs: number;
  /** The same while another client waits for the place. */
  readonly wanted: { readonly bytesPerSecond: number; readonly graceMs: number };
  /** From the first byte to the last. */
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
  /** In ms, of a clock that only goes forward. */
  readonly now?: () => number;
  readonly checkEveryMs?: number;
}

/** Time that a reader may still keep us waiting; each byte that it takes adds some. */
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
 * `source`, which fails for a reader that is too slow, sooner while another client waits, or that
 * takes too long in all. Only time that the reader takes counts, not that of the source. Ends `turn`
 * with the stream.
 */
export function paced(
  source: ReadableStream<Uint8Array>,
  { turn, onCut, pace = PACE, now = () => performance.now(), checkEveryMs = SECOND_MS }:
    PacedOptions,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  const allowances = { always: new Allowance(pace), wanted: new Allowance(pace.wanted) };
  const startedAt = now();
  /** Since when there is something to read that the reader has not taken. */
  let offeredAt: number | undefined;
  let output!: ReadableStreamDefaultController<Uint8Array>;

  function countWait(): void {
    if (offeredAt === undefined) return;
    const at = now();
    for (const one of Object.values(allowances)) one.spend(at - offeredAt);
    offeredAt = at;
  }

  const watch = setInterval(() => {
    countWait();
    const isSlow = allowances.always.isSpent || allowances.wanted.isSpent && turn.isWanted();
    if (isSlow) cut("slow", `its reader takes less than ${pace.bytesPerSecond} bytes a second`);
    else if (now() - startedAt > pace.totalMs) {
      cut("late", `it takes longer than ${pace.totalMs / SECOND_MS} s`);
    }
  }, checkEveryMs);

  function finish(): void {
    clearInterval(watch);
    turn.end();
  }

  function cut(reason: "slow" | "late", cause: string): void {
    finish();
    onCut(reason);
    const message = `Cannot go on exporting: ${cause}; ask for a part, or with compression`;
    output.error(new AppError("busy", message));
    void reader.cancel(message).catch(() => {});
  }

  return new ReadableStream({
    start(out) {
      output = out;
    },
    async pull(out) {
      countWait();
      offeredAt = undefined;
      try {
        const { done, value } = await reader.read();
        if (done) {
          finish();
          return out.close();
        }
        for (const one of Object.values(allowances)) one.earn(value.length);
        offeredAt = now();
        out.enqueue(value);
      } catch (error) {
        finish();
        throw error;
      }
    },
    async cancel(reason) {
      finish();
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
