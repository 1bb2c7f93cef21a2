/** An answer is larger than its route allows. */
export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`the answer is larger than ${Math.round(maxBytes / 1e3).toLocaleString("en")} kB`);
  }
}

/**
 * The body as it comes, decompressed, which ends with an error at `maxBytes`: neither an endless body
 * nor one that grows when it is decompressed gets far. How long it may take is up to the request's
 * signal.
 *
 * @throws `BodyTooLarge`, and what the connection throws
 */
async function* partsOf(response: Response, maxBytes: number) {
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > maxBytes) throw new BodyTooLarge(maxBytes); // leaving the loop cancels the body
    yield part;
  }
}

/** @throws `BodyTooLarge`, and what the connection throws */
export async function readBlob(response: Response, maxBytes: number): Promise<Blob> {
  return new Blob(await Array.fromAsync(partsOf(response, maxBytes)));
}

/** @throws `BodyTooLarge`, and what the connection throws */
export async function readText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of partsOf(response, maxBytes)) {
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * Where an answer redirects to, as words for an error; `undefined` for an answer that does not. No
 * redirect is followed: no provider has one, a key would go along, and the target could be any address
 * of the internal network.
 */
export function describeRedirect({ status, headers, url }: Response): string | undefined {
  if (status < 300 || status >= 400 || status === 304) return undefined;
  const target = URL.parse(headers.get("location") ?? "", url || undefined)?.origin;
  const where = target === undefined || target === "null" ? "" : ` to ${target}`;
  return `HTTP ${status}, a redirect${where}, which is not followed`;
}
