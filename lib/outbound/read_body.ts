/** An answer exceeds its route's size limit. */
export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`the response is larger than ${Math.round(maxBytes / 1e3).toLocaleString("en")} kB`);
  }
}

/**
 * Streams the decompressed body, and fails beyond `maxBytes`: this bounds endless bodies and gzip
 * bombs. The request's signal bounds the time.
 *
 * @throws `BodyTooLarge`, and the connection's errors
 */
async function* partsOf(response: Response, maxBytes: number) {
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > maxBytes) throw new BodyTooLarge(maxBytes); // leaving the loop cancels the body
    yield part;
  }
}

/** @throws `BodyTooLarge`, and the connection's errors */
export async function readBlob(response: Response, maxBytes: number): Promise<Blob> {
  return new Blob(await Array.fromAsync(partsOf(response, maxBytes)));
}

/** @throws `BodyTooLarge`, and the connection's errors */
export async function readText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of partsOf(response, maxBytes)) {
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * Describes an answer's redirect for an error message; `undefined` without one. Redirects are never
 * followed: no provider needs them, API keys would be sent along, and the target could be in the
 * internal network.
 */
export function describeRedirect({ status, headers, url }: Response): string | undefined {
  if (status < 300 || status >= 400 || status === 304) return undefined;
  const target = URL.parse(headers.get("location") ?? "", url || undefined)?.origin;
  const where = target === undefined || target === "null" ? "" : ` to ${target}`;
  return `HTTP ${status}, a redirect${where}, which is not followed`;
}
