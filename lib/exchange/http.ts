import { AppError } from "../core/errors.ts";
import { type EpochMs, MINUTE_MS, SECOND_MS, toIso } from "../core/time.ts";
import type { Clock, Logger } from "../ports/host.ts";
import type { Hosts } from "./hosts.ts";
import type { RequestBudget } from "./weight.ts";

export interface ExchangeRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  /** Request weight that the exchange charges. */
  readonly weight: number;
  /** Leaves a part of the minute's weight to the others. */
  readonly isBackground?: boolean;
  /** Told of each attempt that goes out: the exchange charges them all. */
  readonly onSent?: () => void;
}

export interface ExchangeAnswer {
  readonly json: unknown;
  readonly host: string;
  /** What a simulator says of itself. */
  readonly simulated: string | undefined;
}

/** Asks the exchange; see `createExchangeHttp` for what it does about failures. */
export type ExchangeHttp = (
  request: ExchangeRequest,
  signal: AbortSignal,
) => Promise<ExchangeAnswer>;

export interface ExchangeHttpOptions {
  readonly hosts: Hosts;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** 0..1, spreads retries. */
  readonly random: () => number;
  readonly log: Logger;
  /** Of one attempt; 10 s unless given. */
  readonly timeoutMs?: number;
  /** Told of each attempt that fails, also of those that are retried. */
  readonly onFailure?: (error: Error) => void;
}

/** The exchange itself gives up after 10 s. */
const TIMEOUT_MS = 10 * SECOND_MS;
/** All attempts of one request together. */
const TOTAL_MS = 45 * SECOND_MS;
const FIRST_BACKOFF_MS = 400;
const MAX_BACKOFF_MS = 8 * SECOND_MS;
/** Rest after the web firewall said no: it counts requests, and insisting prolongs it. */
const FIREWALL_REST_MS = 2 * MINUTE_MS;
/** Wait when the exchange does not say for how long. */
const DEFAULT_WAIT_MS = MINUTE_MS;

/** -1000 unknown, -1001 internal, -1006 bus, -1007 timeout, -1008 overloaded: their fault, passes. */
const TRANSIENT_CODES = new Set([-1000, -1001, -1006, -1007, -1008]);

/** The attempt failed, another one may work. */
class TransientFailure extends Error {}

/**
 * Sends GETs to the exchange. Network errors, timeouts, 5xx and its own "internal error" codes move
 * on to the next host and are retried with growing pauses inside a total of 45 s; 429 and 418 stop
 * every process until the exchange's time has come, then this request goes on if that is soon.
 *
 * @throws `exchange_unavailable` when no host answers, `rate_limited`, `not_found` for an unknown
 *   symbol, `bad_payload` for what is not JSON
 */
export function createExchangeHttp(options: ExchangeHttpOptions): ExchangeHttp {
  const { clock, random, log, hosts } = options;
  return async (request, signal) => {
    const deadline = clock.now() + TOTAL_MS;
    for (let attempt = 0;; attempt++) {
      try {
        return await attemptOnce(options, request, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof TransientFailure)) throw error;
        log.debug(error.message);
        options.onFailure?.(error);
        const round = Math.floor(attempt / hosts.count);
        const isNewHost = (attempt + 1) % hosts.count !== 0;
        const pause = isNewHost ? 0 : backoffMs(round) * (0.5 + random() / 2);
        if (clock.now() + pause >= deadline) throw unavailable(error);
        await clock.sleep(pause, signal);
      }
    }
  };
}

function backoffMs(round: number): number {
  return Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** round);
}

function unavailable(error: TransientFailure): AppError {
  return new AppError("exchange_unavailable", error.message, {
    cause: error.cause,
    retryAfterMs: 15 * SECOND_MS,
  });
}

async function attemptOnce(
  options: ExchangeHttpOptions,
  request: ExchangeRequest,
  signal: AbortSignal,
): Promise<ExchangeAnswer> {
  const { hosts, budget, fetch, timeoutMs = TIMEOUT_MS } = options;
  await budget.take(request.weight, signal, request.isBackground);
  request.onSent?.();
  const host = hosts.current();
  const what = `Cannot get ${host}${request.path}`;
  let response: Response | undefined;
  let text: string;
  try {
    response = await fetch(toUrl(host, request), {
      headers: { accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    noteBan(response, options); // before anything else goes out
    text = await response.text();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    hosts.fail(host, reason);
    throw new TransientFailure(`${what}: ${reason}`, { cause });
  } finally {
    if (response) budget.observe(response.headers);
  }
  if (response.ok) {
    const simulated = response.headers.get("x-wick-simulator") ?? undefined;
    return { json: parseJson(text, what), host, simulated };
  }
  return await refuse(response, text, { ...options, what, host });
}

/** Stops everything the moment that the exchange says so, the text of its answer still on its way. */
function noteBan({ status, headers }: Response, { budget, clock }: ExchangeHttpOptions): void {
  const waitMs = retryAfterMs(headers);
  if (!isBan(status) || waitMs === undefined) return;
  // The shared board follows in `refuse`, which waits for it.
  budget.ban(clock.now() + waitMs, String(status)).catch(() => {});
}

function isBan(status: number): boolean {
  return status === 429 || status === 418;
}

function toUrl(host: string, { path, query = {} }: ExchangeRequest): string {
  const params = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  );
  return `${host}${path}${params.size === 0 ? "" : `?${params}`}`;
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("bad_payload", `${what}: the answer is not JSON`, { cause });
  }
}

interface Refusal extends ExchangeHttpOptions {
  readonly what: string;
  readonly host: string;
}

async function refuse(response: Response, text: string, context: Refusal): Promise<never> {
  const { what, hosts, host } = context;
  const { code, message } = readError(text);
  const { status } = response;
  const said = `${what}: HTTP ${status}${message && `: ${message}`}`;
  if (isBan(status) || code === -1003) {
    await stopAll(banEnd(response.headers, message, context.clock.now()), String(status), context);
    throw new TransientFailure(said); // `take` waits, or gives up when the ban is long
  }
  if (status === 403) {
    await stopAll(context.clock.now() + FIREWALL_REST_MS, "403", context);
    throw new TransientFailure(`${said}: the exchange's web firewall refuses this address for now`);
  }
  if (status === 451) {
    throw new AppError("exchange_unavailable", `${what}: HTTP 451: ${RESTRICTED}`, {
      retryAfterMs: 10 * MINUTE_MS,
    });
  }
  if (status >= 500 || TRANSIENT_CODES.has(code ?? 0)) {
    hosts.fail(host, `HTTP ${status}${message && `: ${message}`}`);
    throw new TransientFailure(said);
  }
  if (code === -1121) throw new AppError("not_found", said, { param: "symbol" });
  throw new AppError("exchange_unavailable", said);
}

async function stopAll(until: EpochMs, reason: string, { budget, log }: Refusal): Promise<void> {
  log.warn(`Binance refuses requests (HTTP ${reason}): none before ${toIso(until)}`);
  await budget.ban(until, reason);
}

const RESTRICTED =
  "Binance does not serve the place where this runs. Run wick elsewhere (on Deno " +
  "Deploy: region eu), set BINANCE_URLS to a host that serves you, such as " +
  "https://data-api.binance.vision, or import the public archive";

/** `{"code":-1121,"msg":"Invalid symbol."}`; firewalls and gateways send HTML instead. */
function readError(text: string): { code: number | undefined; message: string } {
  try {
    const body = JSON.parse(text);
    if (typeof body?.msg === "string") {
      return { code: typeof body.code === "number" ? body.code : undefined, message: body.msg };
    }
  } catch {
    // HTML, or cut short: the status says enough
  }
  return { code: undefined, message: "" };
}

/** `Retry-After` in seconds; failing that, the epoch that error -1003 writes out. */
function banEnd(headers: Headers, message: string, now: EpochMs): EpochMs {
  const waitMs = retryAfterMs(headers);
  if (waitMs !== undefined) return now + waitMs;
  const until = Number(/until (\d{13})/.exec(message)?.[1]);
  return until > now ? until : now + DEFAULT_WAIT_MS;
}

function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get("retry-after");
  return text !== null && /^\d+$/.test(text) ? Number(text) * SECOND_MS : undefined;
}
