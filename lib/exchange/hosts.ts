import type { EpochMs } from "../core/time.ts";
import { MINUTE_MS } from "../core/time.ts";

/** Which of several equal hosts to ask: the first that works, in the order given. */
export interface Hosts {
  readonly count: number;
  current(): string;
  /** Moves on to the next host for a while. */
  fail(host: string): void;
}

/** After this long the preferred host gets another chance. */
const PENALTY_MS = 5 * MINUTE_MS;

export function createHosts(origins: readonly string[], now: () => EpochMs): Hosts {
  const failedAt = new Map<string, EpochMs>();
  return {
    count: origins.length,
    current() {
      const healthy = origins.find((host) =>
        (failedAt.get(host) ?? -Infinity) + PENALTY_MS <= now()
      );
      if (healthy !== undefined) return healthy;
      // All of them failed lately: the one that failed first has had the longest rest.
      return origins.toSorted((a, b) => failedAt.get(a)! - failedAt.get(b)!)[0]!;
    },
    fail(host) {
      failedAt.delete(host);
      failedAt.set(host, now());
    },
  };
}
