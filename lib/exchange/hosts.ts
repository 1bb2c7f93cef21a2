import type { EpochMs } from "../core/time.ts";
import { MINUTE_MS } from "../core/time.ts";
import type { HostState } from "../ports/host.ts";

/** Which of several equal hosts to ask: the first that works, in the order given. */
export interface Hosts {
  readonly count: number;
  current(): string;
  /** Moves on to the next host for a while. */
  fail(host: string, message?: string): void;
  /** In the order given, each with its last failure. */
  list(): HostState[];
}

/** After this long the preferred host gets another chance. */
const PENALTY_MS = 5 * MINUTE_MS;

export function createHosts(origins: readonly string[], now: () => EpochMs): Hosts {
  const failures = new Map<string, { at: EpochMs; message: string }>();
  const restsUntil = (host: string) => (failures.get(host)?.at ?? -Infinity) + PENALTY_MS;
  return {
    count: origins.length,
    current() {
      const healthy = origins.find((host) => restsUntil(host) <= now());
      if (healthy !== undefined) return healthy;
      // All of them failed lately: the one that failed first has had the longest rest.
      return origins.toSorted((a, b) => restsUntil(a) - restsUntil(b))[0]!;
    },
    fail(host, message = "") {
      failures.set(host, { at: now(), message });
    },
    list: () =>
      origins.map((origin) => ({
        origin,
        failure: failures.get(origin),
        restsUntil: restsUntil(origin) > now() ? restsUntil(origin) : undefined,
      })),
  };
}
