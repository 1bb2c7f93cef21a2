import type { EpochMs } from "../core/time.ts";
import { MINUTE_MS } from "../core/time.ts";
import type { HostState } from "../ports/host.ts";

/** Which of several equal hosts to ask: the first that works, in the order given. */
export interface Hosts {
  readonly count: number;
  /** The host to ask next; of those in `tried` only when all of them were. */
  current(tried?: ReadonlySet<string>): string;
  /** Moves on to the next host for a while. */
  fail(host: string, message?: string): void;
  /** In the order given, each with its last failure. */
  list(): HostState[];
}

/** After this long the preferred host gets another chance. */
const PENALTY_MS = 5 * MINUTE_MS;

export function createHosts(origins: readonly string[], now: () => EpochMs): Hosts {
  const failures = new Map<string, { at: EpochMs; message: string }>();
  const restsUntil = (host: string) => {
    const at = failures.get(host)?.at ?? -Infinity;
    return at > now() ? -Infinity : at + PENALTY_MS; // the clock has been set back since
  };
  return {
    count: origins.length,
    current(tried = new Set()) {
      const untried = origins.filter((host) => !tried.has(host));
      const candidates = untried.length === 0 ? origins : untried;
      const healthy = candidates.find((host) => restsUntil(host) <= now());
      if (healthy !== undefined) return healthy;
      // All of them failed lately: the one that failed first has had the longest rest.
      return candidates.toSorted((a, b) => restsUntil(a) - restsUntil(b))[0]!;
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
