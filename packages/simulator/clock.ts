import type { EpochMs } from "../../lib/core/time.ts";

/** The simulator's time: real until told otherwise. May be set back. */
export class SimulatedClock {
  readonly #wall: () => EpochMs;
  #base: EpochMs;
  #baseWall: EpochMs;
  #isFrozen: boolean;

  constructor(start?: EpochMs, isFrozen = false, wall: () => EpochMs = Date.now) {
    this.#wall = wall;
    this.#baseWall = wall();
    this.#base = start ?? this.#baseWall;
    this.#isFrozen = isFrozen;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  now(): EpochMs {
    return this.#isFrozen ? this.#base : this.#base + this.#wall() - this.#baseWall;
  }

  /** Goes on from `time`, or stays there when frozen. */
  set(time: EpochMs): void {
    this.#base = time;
    this.#baseWall = this.#wall();
  }

  /** `ms` may be negative. */
  advance(ms: number): void {
    this.set(this.now() + ms);
  }

  freeze(): void {
    this.set(this.now());
    this.#isFrozen = true;
  }

  resume(): void {
    this.set(this.now());
    this.#isFrozen = false;
  }
}
