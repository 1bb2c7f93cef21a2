import { AppError } from "../core/errors.ts";
import { MINUTE_MS, SECOND_MS } from "../core/time.ts";
import { describeNetworkFailure } from "../outbound/reach.ts";
import { BodyTooLarge, describeRedirect, readBlob } from "../outbound/read_body.ts";
import type { Clock } from "../ports/host.ts";

/** Access to the archive, or to its listing. */
export interface ArchiveHttp {
  /** Origin, such as `https://data.binance.vision`. */
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

/** A day of 1s candles has 3 MB, a month of 1m candles 2 MB. */
const TIMEOUT_MS = 2 * MINUTE_MS;
/** Delays before the second and the third attempt. */
const PAUSES_MS = [SECOND_MS, 5 * SECOND_MS];

/**
 * The body of a file of the archive, after up to three attempts; `undefined` when there is none.
 *
 * @throws `exchange_unavailable`, or `bad_payload` for a larger one
 */
export async function getFile(
  options: ArchiveHttp,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Blob | undefined> {
  for (const pause of PAUSES_MS) {
    try {
      return await getOnce(options, path, maxBytes, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AppError && error.code === "bad_payload") throw error;
      await options.clock.sleep(pause, signal);
    }
  }
  return await getOnce(options, path, maxBytes, signal);
}

async function getOnce(
  { url, fetch }: ArchiveHttp,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Blob | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const response = await fetch(url + path, { signal: limit, redirect: "manual" });
    if (response.ok) return await readBlob(response, maxBytes);
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    const answer = describeRedirect(response) ?? `HTTP ${response.status}`;
    throw new AppError("exchange_unavailable", `Cannot get ${url}${path}: ${answer}`);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    if (cause instanceof BodyTooLarge) {
      throw new AppError("bad_payload", `Cannot get ${path} of the archive: ${cause.message}`);
    }
    const { text } = describeNetworkFailure(cause, url, TIMEOUT_MS);
    throw new AppError("exchange_unavailable", `Cannot get ${path} of the archive: ${text}`);
  }
}
