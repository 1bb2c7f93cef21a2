import { SECOND_MS } from "../core/time.ts";
import { attemptOnce, type AttemptOptions, type ExchangeRequest } from "./attempt.ts";
import { readTime, type TimeReading } from "./exchange_clock.ts";

/** Reads the clock of every host but one, once each, without those that do not answer. */
export type OtherClocks = (
  host: string,
  onSent: ExchangeRequest["onSent"],
) => Promise<readonly TimeReading[]>;

const TIMEOUT_MS = 5 * SECOND_MS;

export function createOtherClocks(
  origins: readonly string[],
  options: AttemptOptions,
): OtherClocks {
  const timeoutMs = Math.min(TIMEOUT_MS, options.timeoutMs ?? TIMEOUT_MS);
  return async (host, onSent) => {
    const request = { path: "/api/v3/time", weight: 1, ...onSent === undefined ? {} : { onSent } };
    const { signal } = new AbortController();
    const outcomes = await Promise.allSettled(
      origins.filter((origin) => origin !== host).map(async (origin) =>
        readTime(await attemptOnce({ ...options, timeoutMs }, origin, request, signal))
      ),
    );
    return outcomes.flatMap((one) => one.status === "fulfilled" ? [one.value] : []);
  };
}
