import { type EpochMs, toIso } from "../core/time.ts";

/** Observations about a file's candles that do not make them invalid. */
const WORDS = {
  otherUnit: "have times in another unit than the oldest: mixed s, ms, µs or ns",
  offGrid: "open off the grid of their interval",
  movedWithoutVolume: "have volume 0 although their prices differ",
  flat: "have volume 0 and one price, as an outage of the exchange or a filled gap leaves them",
  rounded: "carry float noise, such as 35.16050300000001",
  newest: "left out: the file does not show that its newest candle had closed",
} as const;

export type FindingKind = keyof typeof WORDS;

/** Counts observations of each kind, with the first place of each. */
export class Findings {
  #found = new Map<FindingKind, { count: number; readonly line: number; readonly time: EpochMs }>();

  add(kind: FindingKind, line: number, time: EpochMs): void {
    const found = this.#found.get(kind);
    if (found === undefined) this.#found.set(kind, { count: 1, line, time });
    else found.count++;
  }

  count(kind: FindingKind): number {
    return this.#found.get(kind)?.count ?? 0;
  }

  /** One sentence per kind. */
  list(): string[] {
    return [...this.#found].map(([kind, { count, line, time }]) => {
      const place = `line ${line}, ${toIso(time)}`;
      if (kind === "newest") return `the candle of ${toIso(time)} (line ${line}) ${WORDS[kind]}`;
      return `${count} candles ${WORDS[kind]} (${count === 1 ? "" : "first "}${place})`;
    });
  }
}
