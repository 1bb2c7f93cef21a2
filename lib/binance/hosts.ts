import type { EpochMs } from "../core/time.ts";
import { MINUTE_MS } from "../core/time.ts";
import type { HostState } from "../ports/host.ts";

/** Chooses among equal hosts: the first that works, in the given order. */
export interface Hosts {
  readonly count: number;
  /** The host to use next; one of `tried` only when all were tried. */
  current(tried?: ReadonlySet<string>): string;
  /** Prefers the next host for 5 minutes. */
  fail(host: string, message?: string): void;
  /** In the given order, each with its last failure. */
  list(): HostState[];
}

/** Time after which the preferred host is tried again. */
const PENALTY_MS = 5 * MINUTE_MS;

export function createHosts(origins: readonly string[], now: () => EpochMs): Hosts {
  const failures = new Map<string, { at: EpochMs; message: string }>();
  const restsUntil = (host: string) => {
    const at = failures.get(host)?.at ?? -Infinity;
    return at > now() ? -Infinity : at + PENALTY_MS; // the clock was set back
  };
  return {
    count: origins.length,
    current(tried = new Set()) {
      const untried = origins.filter((host) => !tried.has(host));
      const candidates = untried.length === 0 ? origins : untried;
      const healthy = candidates.find((host) => restsUntil(host) <= now());
      if (healthy !== undefined) return healthy;
      // All failed recently: take the one whose failure is oldest.
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
