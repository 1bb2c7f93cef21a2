import type { z } from "zod";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../ports/host.ts";
import { MINUTE_MS, SECOND_MS } from "../core/time.ts";
import { describeNetworkFailure } from "../outbound/reach.ts";
import { BodyTooLarge, describeRedirect, readText } from "../outbound/read_body.ts";
import { readRetryAfter } from "../outbound/retry_after.ts";

export interface ProviderRequest {
  readonly name: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 15 * SECOND_MS;
/** CoinMarketCap's list of 5000 coins has 8 MB. */
const MAX_BYTES = 32e6;

/**
 * Sends one GET to a market-cap provider and parses its JSON. Not retried: the schedule repeats it
 * within minutes, and free plans count failures too.
 *
 * @throws `exchange_unavailable`, `rate_limited` with the provider's wait, `bad_payload`
 */
export async function getProviderJson<T extends z.ZodType>(
  fetch: typeof globalThis.fetch,
  { name, url, headers }: ProviderRequest,
  schema: T,
  signal: AbortSignal,
): Promise<z.output<T>> {
  const what = `Cannot get market caps from ${name}`;
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
    throw new AppError("rate_limited", `${what}: HTTP 429`, { retryAfterMs: wait });
  }
  if (!response.ok) {
    const answer = describeRedirect(response) ?? `HTTP ${response.status}`;
    throw new AppError("exchange_unavailable", `${what}: ${answer}`);
  }
  return parsePayload(schema, text, what);
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
    throw new AppError("bad_payload", `Cannot get market caps from ${name}: ${reason}`);
  }
  log.warn(`Skipped ${rows.length - good.length} of ${rows.length} coins from ${name}: ${reason}`);
  return good;
}

function parsePayload<T extends z.ZodType>(schema: T, text: string, what: string): z.output<T> {
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
