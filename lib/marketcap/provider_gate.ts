import { AppError } from "../core/errors.ts";
import { MAX_BAN_MS } from "../core/request_weight.ts";
import { toIso } from "../core/time.ts";
import type { Clock } from "../ports/host.ts";
import type { ProviderWaits } from "../ports/coin_list.ts";

/** Spaces the requests to a provider, and stops them while it refuses. */
export interface ProviderGate {
  /**
   * Waits until the next request is allowed.
   * @throws `rate_limited` while the provider has asked to wait
   */
  enter(signal: AbortSignal): Promise<void>;
  /** Records that the provider wants no request for a while. */
  close(waitMs: number): Promise<void>;
}

export interface ProviderGateOptions {
  /** `"coingecko"` */
  readonly name: string;
  /** Mean time between requests, after the first ones. */
  readonly gapMs: number;
  readonly clock: Clock;
  /** Keeps the waits for other instances and over restarts. */
  readonly waits: ProviderWaits;
}

/** Requests that need not wait for each other: the list of coins, ranks and prices. */
const BURST = 3;

export function createProviderGate(
  { name, gapMs, clock, waits }: ProviderGateOptions,
): ProviderGate {
  /** When as many requests as were made are due at this pace. */
  let due = -Infinity;
  return {
    async enter(signal) {
      const until = await waits.read(name);
      const leftMs = (until ?? 0) - clock.now();
      // A longer wait was recorded while this machine's clock was wrong.
      if (leftMs > 0 && leftMs <= MAX_BAN_MS) {
        throw new AppError(
          "rate_limited",
          `Cannot get market caps from ${name}: it accepts no requests until ${toIso(until!)}`,
          { retryAfterMs: leftMs },
        );
      }
      due = Math.max(due, clock.now()) + gapMs;
      const waitMs = due - BURST * gapMs - clock.now();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
    },
    close: (waitMs) => waits.save(name, clock.now() + waitMs),
  };
}

/** A gate that is always open, for tools and tests. */
export const OPEN_GATE: ProviderGate = {
  enter: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
