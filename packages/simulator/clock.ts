import type { EpochMs } from "../../lib/core/time.ts";

/** The simulator's time: real or frozen, and movable in both directions. */
export class SimulatedClock {
  readonly #isFrozen: boolean;
  #time: EpochMs;
  #setAt = Date.now();

  constructor(start = Date.now(), isFrozen = false) {
    this.#time = start;
    this.#isFrozen = isFrozen;
  }

  now(): EpochMs {
    return this.#isFrozen ? this.#time : this.#time + Date.now() - this.#setAt;
  }

  /** Continues from `time`, or stays there when frozen. */
  set(time: EpochMs): void {
    this.#time = time;
    this.#setAt = Date.now();
  }

  /** `ms` may be negative. */
  advance(ms: number): void {
    this.set(this.now() + ms);
  }
}
