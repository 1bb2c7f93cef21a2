import type { EpochMs } from "../core/time.ts";
import type { Clock } from "../ports/host.ts";

/** A clock that tests move; sleeping moves it too. */
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
