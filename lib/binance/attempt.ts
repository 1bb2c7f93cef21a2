import { AppError } from "../core/errors.ts";
import { type EpochMs, MINUTE_MS, SECOND_MS, toIso } from "../core/time.ts";
import type { Clock, Logger } from "../ports/host.ts";
import { toPlainText } from "../core/text/plain_text.ts";
import { BodyTooLarge, describeRedirect, readText } from "../outbound/read_body.ts";
import { describeNetworkFailure, hostName, type Trouble } from "../outbound/reach.ts";
import { readRetryAfter, waitUntil } from "../outbound/retry_after.ts";
import type { RequestBudget } from "./weight.ts";

export interface ExchangeRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  /** Request weight charged by the exchange. */
  readonly weight: number;
  /** Leaves a part of each minute's weight to foreground requests. */
  readonly isBackground?: boolean;
  /** Largest decompressed answer in bytes; default 4 MB. */
  readonly maxBytes?: number;
  /**
   * Called for each attempt that reached a host, answered or not: the exchange charges all of them.
   */
  readonly onSent?: (weight: number) => void;
}

export interface ExchangeAnswer {
  readonly json: unknown;
  readonly host: string;
  readonly headers: Headers;
  /** The simulator's name, from its response header. */
  readonly simulated: string | undefined;
}

export interface AttemptOptions {
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly log: Logger;
  /** Timeout of one attempt in ms; default 10 s. */
  readonly timeoutMs?: number;
}

/** The exchange's own timeout is 10 s. */
const TIMEOUT_MS = 10 * SECOND_MS;
/** A batch of 1000 candles has 200 kB. */
const MAX_BYTES = 4e6;
/** Wait in ms when the exchange names no time, or an impossible one. */
const DEFAULT_WAIT_MS = { 429: MINUTE_MS, 418: 2 * MINUTE_MS } as const;
/** Longest part of the exchange's own message that is quoted. */
const MAX_WORDS = 300;

/**
 * -1000 unknown, -1001 internal, -1006 bus, -1007 timeout, -1008 overloaded: temporary failures
 * of the exchange.
 */
const TRANSIENT_CODES = new Set([-1000, -1001, -1006, -1007, -1008]);

/**
 * A failed attempt. The consequence depends on whether the host answers other requests.
 *
 * `repeat`: the same request may soon succeed. `firewall` and `restricted`: it will not, and
 * repeating it prolongs the refusal. `garbled`: the answer is not JSON, as of a network's log-in
 * page. `limited`: rate-limited until a time that the exchange has given.
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
 * Sends one GET to `host`.
 *
 * @throws `AttemptFailure`; `exchange_refused`, `not_found` and `bad_payload` (too large) for
 *   answers that concern this request only; `rate_limited` inside a ban
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
    noteBan(response, options); // before another request is sent
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
    const answer = text.trim() === "" ? "an empty response" : "a response that is not JSON";
    throw new AttemptFailure("garbled", `${what}: the response is not JSON`, {
      text: `${hostName(host)} returned ${answer}, possibly the log-in page of this network`,
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
    log.debug(`Rate-limited by Binance (HTTP ${status}) until ${toIso(until)}`);
    await budget.ban(until, String(status));
    throw failed("limited", `returned HTTP ${status}`); // `take` waits, or gives up on a long ban
  }
  if (status === 403) throw failed("firewall", "refuses this address (HTTP 403, web firewall)");
  if (status === 451) throw failed("restricted", "does not serve this location (HTTP 451)");
  const redirect = describeRedirect(response);
  if (redirect !== undefined) throw failed("repeat", `returned ${redirect}`);
  if (status >= 500 || TRANSIENT_CODES.has(code ?? 0)) {
    throw failed("repeat", `returned HTTP ${status}`);
  }
  if (code === -1121) throw new AppError("not_found", said, { param: "symbol" });
  throw new AppError("exchange_refused", code === undefined ? said : `${said} (code ${code})`);
}

/** Records a ban as soon as the headers have arrived, before the body. */
function noteBan({ status, headers }: Response, { budget, clock }: AttemptOptions): void {
  const waitMs = readRetryAfter(headers, clock.now());
  if (!isBan(status) || waitMs === undefined) return;
  // `refuse` writes the shared board, and waits for it.
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
    // HTML or truncated: the status is enough
  }
  return { code: undefined, message: "" };
}

/** Taken from `Retry-After`, otherwise from the epoch in the text of error -1003. */
function banEnd({ status, headers }: Response, message: string, now: EpochMs): EpochMs {
  const until = Number(/until (\d{13})\b/.exec(message)?.[1] ?? NaN);
  const waitMs = readRetryAfter(headers, now) ?? waitUntil(until, headers, now);
  return now + (waitMs ?? DEFAULT_WAIT_MS[status === 418 ? 418 : 429]);
}
