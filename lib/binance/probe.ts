import { AppError } from "../core/errors.ts";
import { SECOND_MS } from "../core/time.ts";
import {
  AttemptFailure,
  attemptOnce,
  type AttemptOptions,
  type ExchangeRequest,
} from "./attempt.ts";
import { hostName } from "../outbound/reach.ts";

/** Sends an unrelated request to a host at which a request has failed. */
export type Probe = (
  host: string,
  failed: Pick<ExchangeRequest, "path" | "onSent">,
) => Promise<AttemptFailure | "answers">;

const TIMEOUT_MS = 5 * SECOND_MS;
/** Time for which a host's result is reused by other failing requests. */
const VALID_MS = 5 * SECOND_MS;
const TIME = { path: "/api/v3/time", weight: 1 };
const PING = { path: "/api/v3/ping", weight: 1 };

/**
 * Distinguishes a failing host from one that fails for a single symbol: requests the time, or a
 * ping when the time request itself has failed.
 */
export function createProbe(options: AttemptOptions): Probe {
  const verdicts = new Map<string, { at: number; verdict: ReturnType<Probe> }>();
  const timeoutMs = Math.min(TIMEOUT_MS, options.timeoutMs ?? TIMEOUT_MS);

  async function ask(host: string, { path, onSent }: Parameters<Probe>[1]): ReturnType<Probe> {
    const probed = path === TIME.path ? PING : TIME;
    const request = onSent === undefined ? probed : { ...probed, onSent };
    try {
      await attemptOnce({ ...options, timeoutMs }, host, request, new AbortController().signal);
      return "answers";
    } catch (error) {
      if (error instanceof AttemptFailure) return error;
      if (!(error instanceof AppError) || error.code === "rate_limited") throw error;
      const trouble = { text: `${hostName(host)} returned no usable response`, isHost: false };
      return new AttemptFailure("repeat", error.message, trouble);
    }
  }

  return (host, failed) => {
    const key = `${host} ${failed.path === TIME.path}`;
    const known = verdicts.get(key);
    const age = options.clock.now() - (known?.at ?? 0);
    if (known !== undefined && age >= 0 && age < VALID_MS) return known.verdict;
    const verdict = ask(host, failed);
    verdicts.set(key, { at: options.clock.now(), verdict });
    return verdict;
  };
}
