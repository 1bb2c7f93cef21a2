import { z } from "zod";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../ports/host.ts";
import { toPlainText } from "../core/text/plain_text.ts";
import { MINUTE_MS, SECOND_MS } from "../core/time.ts";
import { describeNetworkFailure } from "../outbound/reach.ts";
import { BodyTooLarge, describeRedirect, readText } from "../outbound/read_body.ts";
import { readRetryAfter } from "../outbound/retry_after.ts";
import type { ProviderGate } from "./provider_gate.ts";

/** A coin's name: any text of limited length. */
export const text = z.string().max(200).overwrite((name) => toPlainText(name, 200));

export interface ProviderRequest {
  readonly name: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly gate: ProviderGate;
}

const TIMEOUT_MS = 15 * SECOND_MS;
/** CoinMarketCap's list of 5000 coins has 8 MB. */
const MAX_BYTES = 32e6;

/** Sends one GET to a market-cap provider and parses its JSON. @throws as `fetchProvider` */
export async function getProviderJson<T extends z.ZodType>(
  fetch: typeof globalThis.fetch,
  request: ProviderRequest,
  schema: T,
  signal: AbortSignal,
): Promise<z.output<T>> {
  const { body } = await fetchProvider(fetch, request, signal);
  return parsePayload(schema, body, request.name);
}

/** An answer of a provider. */
export interface ProviderAnswer {
  readonly body: string;
  readonly etag: string | undefined;
  /** The version of the request's `If-None-Match` is current; `body` is empty. */
  readonly isUnchanged: boolean;
}

/**
 * Sends one GET to a market-cap provider. Not retried: the schedule repeats it within minutes, and
 * free plans count failures too. After 429 no request is sent until the provider's wait is over.
 *
 * @throws `exchange_unavailable`, `rate_limited` with the provider's wait, `bad_payload`
 */
export async function fetchProvider(
  fetch: typeof globalThis.fetch,
  { name, url, headers, gate }: ProviderRequest,
  signal: AbortSignal,
): Promise<ProviderAnswer> {
  const what = failureOf(name);
  await gate.enter(signal);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      headers: { accept: "application/json", ...headers },
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    text = await readText(response, MAX_BYTES);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof BodyTooLarge) {
      throw new AppError("bad_payload", `${what}: ${cause.message}`);
    }
    const { text: reason } = describeNetworkFailure(cause, url.origin, TIMEOUT_MS);
    throw new AppError("exchange_unavailable", `${what}: ${reason}`);
  }
  if (response.status === 429) {
    const wait = readRetryAfter(response.headers, Date.now()) ?? MINUTE_MS;
    await gate.close(wait);
    throw new AppError("rate_limited", `${what}: HTTP 429`, { retryAfterMs: wait });
  }
  const isUnchanged = response.status === 304 && "if-none-match" in headers;
  if (!response.ok && !isUnchanged) {
    const answer = describeRedirect(response) ?? `HTTP ${response.status}`;
    throw new AppError("exchange_unavailable", `${what}: ${answer}`);
  }
  return { body: text, etag: response.headers.get("etag") ?? undefined, isUnchanged };
}

function failureOf(name: string): string {
  return `Cannot get market caps from ${name}`;
}

/**
 * Parses rows one by one; reports and skips malformed ones.
 *
 * @throws `bad_payload` when no row can be read
 */
export function parseRows<T extends z.ZodType>(
  rows: readonly unknown[],
  schema: T,
  { name, log }: { readonly name: string; readonly log: Logger },
): z.output<T>[] {
  const parsed = rows.map((row) => schema.safeParse(row));
  const good = parsed.flatMap((one) => one.success ? [one.data] : []);
  const bad = parsed.find((one) => !one.success);
  if (bad === undefined) return good;
  const [issue] = bad.error!.issues;
  const reason = `${issue!.path.join(".")}: ${issue!.message}`;
  if (good.length === 0) {
    throw new AppError("bad_payload", `${failureOf(name)}: ${reason}`);
  }
  log.warn(`Skipped ${rows.length - good.length} of ${rows.length} coins from ${name}: ${reason}`);
  return good;
}

/** @throws `bad_payload` */
export function parsePayload<T extends z.ZodType>(
  schema: T,
  text: string,
  name: string,
): z.output<T> {
  const what = failureOf(name);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AppError("bad_payload", `${what}: the response is not JSON`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError("bad_payload", `${what}: ${issue!.path.join(".")}: ${issue!.message}`);
}
