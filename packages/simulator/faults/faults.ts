import { Random } from "../seeded/random.ts";
import { appliesTo, type Area, type FaultKind } from "./fault_kinds.ts";

/** A requested fault. Every given filter must match. */
export interface FaultSpec {
  readonly kind: FaultKind;
  /** Number of requests that it affects; absent: all. */
  readonly count?: number;
  /** Number of matching requests that pass before it. */
  readonly skip?: number;
  /** Part of the path with its query. */
  readonly path?: string;
  readonly symbol?: string;
  readonly interval?: string;
  /** 0 to 1; absent: always. */
  readonly probability?: number;
  /** `slow`: delay of the response, default 2000. */
  readonly delayMs?: number;
  /** `429`, `418`: value of `Retry-After`, default 60 and 120. */
  readonly retryAfterS?: number;
  /** `429`, `418`: without the header; the text of 418 still contains the end of the ban. */
  readonly isSilent?: boolean;
  /** `clock-jump`, `wrong-clock`: offset, default 60000; `shifted-rows`: 5. May be negative. */
  readonly byMs?: number;
  /** `scaled-rows`: factor of the prices, default 30. */
  readonly factor?: number;
  /** Any kind: these headers replace those of the response. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `field`: gives every field of this name, or number in a row of candles, this value. */
  readonly field?: string | number;
  readonly value?: unknown;
  /** `field`: only candles at this position, from the end if negative. */
  readonly row?: number;
}

/** Random faults, for soak tests. */
export interface Chaos {
  /** Probability of each kind per request; at most 1 in total. */
  readonly rates: Readonly<Partial<Record<FaultKind, number>>>;
  readonly seed?: number;
}

/** The parts of a request that decide which faults match. */
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
  used: number;
}

/** The active faults. Of several that match a request, the one added first affects it. */
export class Faults {
  readonly #random = new Random(42);
  #entries: Entry[] = [];
  #chaos: Chaos | undefined;
  #chaosRandom = new Random(0);
  #nextId = 1;

  /** Returns the ID for its removal. */
  add(spec: FaultSpec): number {
    const id = this.#nextId++;
    this.#entries.push({ id, spec, skipped: 0, used: 0 });
    return id;
  }

  remove(id: number): void {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }

  /** Removes all of them, chaos included. */
  clear(): void {
    this.#entries = [];
    this.#chaos = undefined;
  }

  /** Starts random faults; `undefined` ends them. */
  setChaos(chaos: Chaos | undefined): void {
    this.#chaos = chaos;
    this.#chaosRandom = new Random(chaos?.seed ?? 1);
  }

  /** The fault of this request, counted. */
  take(target: FaultTarget): FaultSpec | undefined {
    for (const entry of this.#entries) {
      if (!this.#matches(entry, target)) continue;
      const { skip = 0, probability = 1 } = entry.spec;
      if (entry.skipped < skip) {
        entry.skipped++;
        continue;
      }
      if (this.#random.next() >= probability) continue;
      entry.used++;
      return entry.spec;
    }
    return this.#takeChaos(target);
  }

  #matches({ spec, used }: Entry, target: FaultTarget): boolean {
    return appliesTo(spec.kind, target.area) &&
      used < (spec.count ?? Infinity) &&
      target.url.includes(spec.path ?? "") &&
      (spec.symbol === undefined || spec.symbol === target.symbol) &&
      (spec.interval === undefined || spec.interval === target.interval);
  }

  #takeChaos({ area }: FaultTarget): FaultSpec | undefined {
    if (this.#chaos === undefined) return undefined;
    let draw = this.#chaosRandom.next();
    for (const [kind, rate] of Object.entries(this.#chaos.rates) as [FaultKind, number][]) {
      draw -= rate;
      if (draw < 0) return appliesTo(kind, area) ? { kind } : undefined;
    }
    return undefined;
  }
}
