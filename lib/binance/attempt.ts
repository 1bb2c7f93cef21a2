import { AppError } from "../core/errors.ts";
import { type EpochMs, MINUTE_MS, SECOND_MS, toIso } from "../core/time.ts";
import type { Clock, Logger } from "../ports/host.ts";
import { toPlainText } from "../core/plain_text.ts";
import { BodyTooLarge, describeRedirect, readText } from "../outbound/read_body.ts";
import { describeNetworkFailure, hostName, type Trouble } from "../outbound/reach.ts";
import { readRetryAfter, waitUntil } from "../outbound/retry_after.ts";
import type { RequestBudget } from "./weight.ts";

export interface ExchangeRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  /** Request weight that the exchange charges. */
  readonly weight: number;
  /** Leaves a part of the minute's weight to the others. */
  readonly isBackground?: boolean;
  /** Of the answer, decompressed; 4 MB unless given. */
  readonly maxBytes?: number;
  /** Told of each attempt that reached a host, answered or not: the exchange charges them all. */
  readonly onSent?: (weight: number) => void;
}

export interface ExchangeAnswer {
  readonly json: unknown;
  readonly host: string;
  readonly headers: Headers;
  /** What a simulator says of itself. */
  readonly simulated: string | undefined;
}

export interface AttemptOptions {
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly log: Logger;
  /** Of one attempt; 10 s unless given. */
  readonly timeoutMs?: number;
}

/** The exchange itself gives up after 10 s. */
const TIMEOUT_MS = 10 * SECOND_MS;
/** A page of 1000 candles has 200 kB. */
const MAX_BYTES = 4e6;
/** Wait when the exchange does not say for how long, or names a time that cannot be. */
const DEFAULT_WAIT_MS = { 429: MINUTE_MS, 418: 2 * MINUTE_MS } as const;
/** Of the exchange's own words in a message. */
const MAX_WORDS = 300;

/** -1000 unknown, -1001 internal, -1006 bus, -1007 timeout, -1008 overloaded: their fault, passes. */
const TRANSIENT_CODES = new Set([-1000, -1001, -1006, -1007, -1008]);

/**
 * An attempt failed, and what that means depends on whether the host answers other requests.
 *
 * `repeat`: the same request may work in a moment. `firewall` and `restricted`: it would not, and
 * asking again makes it worse. `garbled`: the answer is not JSON, as of a network's log-in page.
 * `limited`: the exchange has said when to go on.
 */
export class AttemptFailure extends Error {
  readonly kind: "repeat" | "firewall" | "restricted" | "garbled" | "limited";
  readonly trouble: Trouble;

  constructor(kind: AttemptFailure["kind"], message: string, trouble: Trouble, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.trouble = trouble;
  }
}

/**
 * Sends a GET to `host` once.
 *
 * @throws `AttemptFailure`; `exchange_refused`, `not_found` and `bad_payload` (too large) for answers
 *   that are about this request alone; `rate_limited` inside a ban
 */
export async function attemptOnce(
  options: AttemptOptions,
  host: string,
  request: ExchangeRequest,
  signal: AbortSignal,
): Promise<ExchangeAnswer> {
  const { budget, fetch, timeoutMs = TIMEOUT_MS } = options;
  await budget.take(request.weight, signal, request.isBackground);
  const what = `Cannot get ${host}${request.path}`;
  let response: Response | undefined;
  let text: string;
  let wasSent = true;
  try {
    response = await fetch(toUrl(host, request), {
      headers: { accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    noteBan(response, options); // before anything else goes out
    text = await readText(response, request.maxBytes ?? MAX_BYTES);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof BodyTooLarge) {
      throw new AppError("bad_payload", `${what}: ${cause.message}`);
    }
    const trouble = describeNetworkFailure(cause, host, timeoutMs);
    wasSent = !trouble.isHost;
    throw new AttemptFailure("repeat", `${what}: ${trouble.text}`, trouble, cause);
  } finally {
    if (response) budget.observe(response.headers);
    if (wasSent) request.onSent?.(request.weight);
  }
  const { headers } = response;
  if (response.ok) {
    const simulated = headers.get("x-wick-simulator") ?? undefined;
    return { json: parseJson(text, what, host), host, headers, simulated };
  }
  return await refuse(response, text, { ...options, what, host });
}

function toUrl(host: string, { path, query = {} }: ExchangeRequest): string {
  const params = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  );
  return `${host}${path}${params.size === 0 ? "" : `?${params}`}`;
}

function parseJson(text: string, what: string, host: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const answer = text.trim() === "" ? "nothing" : "something other than JSON";
    throw new AttemptFailure("garbled", `${what}: the answer is not JSON`, {
      text: `${hostName(host)} answers ${answer}, as a log-in page of this network would`,
      isHost: false,
    });
  }
}

interface Refusal extends AttemptOptions {
  readonly what: string;
  readonly host: string;
}

async function refuse(response: Response, text: string, context: Refusal): Promise<never> {
  const { what, host, budget, log, clock } = context;
  const { code, message } = readError(text);
  const { status } = response;
  const said = `${what}: HTTP ${status}${message && `: ${message}`}`;
  const failed = (kind: AttemptFailure["kind"], words: string) =>
    new AttemptFailure(kind, said, { text: `${hostName(host)} ${words}`, isHost: false });
  if (isBan(status) || code === -1003) {
    const until = banEnd(response, message, clock.now());
    log.debug(`Binance limits requests (HTTP ${status}) until ${toIso(until)}`);
    await budget.ban(until, String(status));
    throw failed("limited", `answers HTTP ${status}`); // `take` waits, or gives up on a long ban
  }
  if (status === 403) throw failed("firewall", "refuses this address (HTTP 403, web firewall)");
  if (status === 451) throw failed("restricted", "does not serve this location (HTTP 451)");
  const redirect = describeRedirect(response);
  if (redirect !== undefined) throw failed("repeat", `answers with ${redirect}`);
  if (status >= 500 || TRANSIENT_CODES.has(code ?? 0)) {
    throw failed("repeat", `answers HTTP ${status}`);
  }
  if (code === -1121) throw new AppError("not_found", said, { param: "symbol" });
  throw new AppError("exchange_refused", code === undefined ? said : `${said} (code ${code})`);
}

/** Stops everything the moment that the exchange says so, the text of its answer still on its way. */
function noteBan({ status, headers }: Response, { budget, clock }: AttemptOptions): void {
  const waitMs = readRetryAfter(headers, clock.now());
  if (!isBan(status) || waitMs === undefined) return;
  // The shared board follows in `refuse`, which waits for it.
  budget.ban(clock.now() + waitMs, String(status)).catch(() => {});
}

function isBan(status: number): boolean {
  return status === 429 || status === 418;
}

/** `{"code":-1121,"msg":"Invalid symbol."}`; firewalls and gateways send HTML instead. */
function readError(text: string): { code: number | undefined; message: string } {
  try {
    const body = JSON.parse(text);
    if (typeof body?.msg === "string") {
      return {
        code: typeof body.code === "number" ? body.code : undefined,
        message: toPlainText(body.msg, MAX_WORDS),
      };
    }
  } catch {
    // HTML, or cut short: the status says enough
  }
  return { code: undefined, message: "" };
}

/** By `Retry-After`; failing that, by the epoch that error -1003 writes out. */
function banEnd({ status, headers }: Response, message: string, now: EpochMs): EpochMs {
  const until = Number(/until (\d{13})\b/.exec(message)?.[1] ?? NaN);
  const waitMs = readRetryAfter(headers, now) ?? waitUntil(until, headers, now);
  return now + (waitMs ?? DEFAULT_WAIT_MS[status === 418 ? 418 : 429]);
}
