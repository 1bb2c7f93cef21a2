import type { EpochMs } from "../core/time.ts";
import type { Clock } from "../ports/host.ts";

/** A manual clock; sleeping advances it. */
export interface ManualClock extends Clock {
  set(time: EpochMs): void;
  /** Every sleep so far, in ms. */
  readonly sleeps: number[];
}

export function manualClock(start: EpochMs): ManualClock {
  let time = start;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => time,
    set: (to) => {
      time = to;
    },
    async sleep(ms, signal) {
      signal.throwIfAborted();
      sleeps.push(ms);
      time += ms;
      await Promise.resolve();
    },
  };
}

/** The machine's clock, which every sleep advances immediately. */
export function skippingClock(): Clock {
  let skipped = 0;
  return {
    now: () => Date.now() + skipped,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      skipped += ms;
      await new Promise((resolve) => setTimeout(resolve)); // I/O continues between two sleeps
    },
  };
}
