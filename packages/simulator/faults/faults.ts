import type { EpochMs } from "../../../lib/core/time.ts";
import { Random } from "../seeded/random.ts";
import { type Area, type FaultKind, strikes } from "./fault_kinds.ts";

/** A fault on request. Every filter that is given must fit. */
export interface FaultSpec {
  readonly kind: FaultKind;
  /** How many requests it strikes; absent: all. */
  readonly count?: number;
  /** How many fitting requests it lets through first. */
  readonly skip?: number;
  /** Part of the path with its query. */
  readonly path?: string;
  readonly symbol?: string;
  readonly interval?: string;
  /** 0 to 1; absent: always. */
  readonly probability?: number;
  /** Ends when the simulated clock gets here. */
  readonly until?: EpochMs;
  /** `slow`: how long the answer takes, 2000 unless given. */
  readonly delayMs?: number;
  /** `429`, `418`: what `Retry-After` says, 60 and 120 unless given. */
  readonly retryAfterS?: number;
  /** `429`, `418`: without the header; the text of 418 still says when the ban ends. */
  readonly isSilent?: boolean;
  /** `clock-jump`, `wrong-clock`: by how much, 60000 unless given; `shifted-rows`: 5. May be negative. */
  readonly byMs?: number;
  /** `scaled-rows`: prices times this, 30 unless given. */
  readonly factor?: number;
  /** Any kind: these headers instead. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `field`: every field of this name, or number in a row of candles, has this value. */
  readonly field?: string | number;
  readonly value?: unknown;
  /** `field`: of candles in this place only, from the end if negative. */
  readonly row?: number;
}

export interface ActiveFault extends FaultSpec {
  readonly id: number;
  /** Requests struck so far. */
  readonly struck: number;
}

/** Faults at random, for soak tests. */
export interface Chaos {
  /** Probability of each kind per request; together at most 1. */
  readonly rates: Readonly<Partial<Record<FaultKind, number>>>;
  readonly seed?: number;
  /** Part of the path with its query. */
  readonly path?: string;
}

/** The request, as far as faults look at it. */
export interface FaultTarget {
  readonly area: Area;
  /** Path with query. */
  readonly url: string;
  readonly symbol: string | undefined;
  readonly interval: string | undefined;
}

interface Entry {
  readonly id: number;
  readonly spec: FaultSpec;
  skipped: number;
  struck: number;
}

/** The faults that are due. Of several that fit a request, the one added first strikes it. */
export class Faults {
  readonly #now: () => EpochMs;
  readonly #random: Random;
  #entries: Entry[] = [];
  #chaos: Chaos | undefined;
  #chaosRandom = new Random(0);
  #nextId = 1;

  constructor(now: () => EpochMs, seed: number) {
    this.#now = now;
    this.#random = new Random(seed);
  }

  /** Returns the id to remove it by. */
  add(spec: FaultSpec): number {
    const id = this.#nextId++;
    this.#entries.push({ id, spec, skipped: 0, struck: 0 });
    return id;
  }

  /** Returns whether it was there. */
  remove(id: number): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    return this.#entries.length < before;
  }

  /** Removes all of them, chaos included. */
  clear(): void {
    this.#entries = [];
    this.#chaos = undefined;
  }

  list(): ActiveFault[] {
    return this.#entries.map(({ id, spec, struck }) => ({ ...spec, id, struck }));
  }

  /** Starts random faults, or with `undefined` ends them. */
  setChaos(chaos: Chaos | undefined): void {
    this.#chaos = chaos;
    this.#chaosRandom = new Random(chaos?.seed ?? 1);
  }

  get chaos(): Chaos | undefined {
    return this.#chaos;
  }

  /** The fault that strikes this request, counted. */
  take(target: FaultTarget): FaultSpec | undefined {
    for (const entry of this.#entries) {
      if (!this.#fits(entry, target)) continue;
      const { skip = 0, probability = 1 } = entry.spec;
      if (entry.skipped < skip) {
        entry.skipped++;
        continue;
      }
      if (this.#random.next() >= probability) continue;
      entry.struck++;
      return entry.spec;
    }
    return this.#takeChaos(target);
  }

  #fits({ spec, struck }: Entry, target: FaultTarget): boolean {
    return strikes(spec.kind, target.area) &&
      struck < (spec.count ?? Infinity) &&
      this.#now() < (spec.until ?? Infinity) &&
      target.url.includes(spec.path ?? "") &&
      (spec.symbol === undefined || spec.symbol === target.symbol) &&
      (spec.interval === undefined || spec.interval === target.interval);
  }

  #takeChaos({ area, url }: FaultTarget): FaultSpec | undefined {
    if (this.#chaos === undefined || !url.includes(this.#chaos.path ?? "")) return undefined;
    let draw = this.#chaosRandom.next();
    for (const [kind, rate] of Object.entries(this.#chaos.rates) as [FaultKind, number][]) {
      draw -= rate;
      if (draw < 0) return strikes(kind, area) ? { kind } : undefined;
    }
    return undefined;
  }
}
