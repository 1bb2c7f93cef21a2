import { AppError } from "../core/errors.ts";
import { unreachableReason } from "../core/text/offline_words.ts";
import { type EpochMs, MINUTE_MS, SECOND_MS } from "../core/time.ts";
import {
  AttemptFailure,
  attemptOnce,
  type AttemptOptions,
  type ExchangeAnswer,
  type ExchangeRequest,
} from "./attempt.ts";
import type { Hosts } from "./hosts.ts";
import { createProbe, type Probe } from "./probe.ts";

/** Sends requests to the exchange; `createExchangeHttp` describes retries. */
export type ExchangeHttp = (
  request: ExchangeRequest,
  signal: AbortSignal,
) => Promise<ExchangeAnswer>;

export interface ExchangeHttpOptions extends AttemptOptions {
  readonly hosts: Hosts;
  /** Returns [0, 1), to spread retries. */
  readonly random: () => number;
  /** Called when every host has failed once, while retries continue. `since`: the first attempt. */
  readonly onUnreachable?: (message: string, since: EpochMs) => void;
}

/** Total time of all attempts of one request. */
const TOTAL_MS = 45 * SECOND_MS;
/** Total time while no connection to any host can be opened. */
const CONNECT_TOTAL_MS = 15 * SECOND_MS;
/** Rounds over all hosts for a request that they refuse while they answer others. */
const MAX_ROUNDS = 4;
const FIRST_BACKOFF_MS = 400;
const MAX_BACKOFF_MS = 8 * SECOND_MS;
/**
 * Pause after the web firewall refused unrelated requests. Repeated requests would prolong the
 * block.
 */
const FIREWALL_REST_MS = 2 * MINUTE_MS;

/**
 * Sends GETs to the exchange. Network errors, timeouts, 5xx and its own "internal error" codes move
 * on to the next host and are retried with growing pauses inside a total of 45 s; 429 and 418 stop
 * every process until the time that the exchange gives; this request then continues if that is
 * soon.
 *
 * The exchange counts as unreachable, and a host as failing, only when an unrelated request fails
 * there too. Otherwise only this request fails: after few attempts, and after a 403 or 451
 * immediately.
 *
 * @throws `exchange_unavailable` when no host answers anything, `exchange_refused` when this
 *   request fails while others are answered, `rate_limited`, `not_found` for an unknown symbol,
 *   `bad_payload` when this answer alone is not JSON
 */
export function createExchangeHttp(options: ExchangeHttpOptions): ExchangeHttp {
  const probe = createProbe(options);
  return async (request, signal) => {
    const { clock, random } = options;
    const deadline = clock.now() + TOTAL_MS;
    const connectDeadline = clock.now() + CONNECT_TOTAL_MS;
    for (let round = 1;; round++) {
      const since = clock.now();
      const outcome = await askEveryHost(options, probe, request, signal);
      if ("answer" in outcome) return outcome.answer;
      const { failures, isAnswering } = outcome;
      const first = failures[0]!;
      const isOffline = failures.every(({ trouble }) => trouble.isHost);
      if (!isAnswering && first.kind !== "limited") {
        options.onUnreachable?.(unreachableText(first), since);
      }
      const pause = backoffMs(round) * (0.5 + random() / 2);
      const isLast = isAnswering
        ? round >= MAX_ROUNDS
        : clock.now() + pause >= (isOffline ? connectDeadline : deadline);
      if (isLast) throw isAnswering ? refused(first) : unavailable(first);
      await clock.sleep(pause, signal);
    }
  };
}

type Outcome =
  | { readonly answer: ExchangeAnswer }
  | {
    /** Failures by host, in the order of attempts. */
    readonly failures: readonly AttemptFailure[];
    /** True if any of them answers unrelated requests. */
    readonly isAnswering: boolean;
  };

/** @throws failures that neither another host nor a pause would change */
async function askEveryHost(
  options: ExchangeHttpOptions,
  probe: Probe,
  request: ExchangeRequest,
  signal: AbortSignal,
): Promise<Outcome> {
  const { hosts, log } = options;
  const tried = new Set<string>();
  const failures: AttemptFailure[] = [];
  let isAnswering = false;
  while (tried.size < hosts.count) {
    const host = hosts.current(tried);
    tried.add(host);
    try {
      return { answer: await attemptOnce(options, host, request, signal) };
    } catch (error) {
      if (!(error instanceof AttemptFailure)) throw error;
      log.debug(error.message);
      failures.push(error);
      if (error.kind === "limited") break; // limits apply to the address on all hosts
      const verdict = error.trouble.isHost ? error : await probe(host, request);
      signal.throwIfAborted();
      if (verdict === "answers") isAnswering = true;
      else hosts.fail(host, verdict.trouble.text);
      if (error.kind !== "repeat") await stopInsisting(options, error, verdict);
    }
  }
  return { failures, isAnswering };
}

/**
 * @throws `exchange_refused` or `bad_payload` for a request that fails alone; otherwise the
 *   failure that affects all requests
 */
async function stopInsisting(
  { budget, clock }: ExchangeHttpOptions,
  failure: AttemptFailure,
  verdict: Awaited<ReturnType<Probe>>,
): Promise<void> {
  if (verdict === "answers") {
    throw failure.kind === "garbled"
      ? new AppError("bad_payload", failure.message)
      : refused(failure);
  }
  if (failure.kind === "restricted") throw unavailable(failure, RESTRICTED);
  if (verdict.kind === "firewall") await budget.ban(clock.now() + FIREWALL_REST_MS, "403");
}

function backoffMs(round: number): number {
  return Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (round - 1));
}

function refused(failure: AttemptFailure): AppError {
  return new AppError("exchange_refused", failure.message);
}

function unreachableText({ trouble }: AttemptFailure): string {
  return unreachableReason(trouble.text);
}

function unavailable(failure: AttemptFailure, advice = ""): AppError {
  const retryAfterMs = failure.kind === "restricted" ? 10 * MINUTE_MS : 15 * SECOND_MS;
  return new AppError("exchange_unavailable", unreachableText(failure) + advice, { retryAfterMs });
}

const RESTRICTED =
  ". Run wick in another location (on Deno Deploy: region eu), set BINANCE_URLS to a " +
  "host that serves you, such as https://data-api.binance.vision, or import the public archive";
