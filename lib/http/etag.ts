/** Strong entity tag over `parts`, quotes included. Equal parts must mean equal bytes. */
export async function etagOf(...parts: readonly (string | number)[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `"${digest.slice(0, 12).toHex()}"`;
}

/** Weak ETag: responses with the same tag are equivalent, not equal to the byte. */
export async function weakEtagOf(...parts: readonly (string | number)[]): Promise<string> {
  return `W/${await etagOf(...parts)}`;
}

/**
 * True if `If-None-Match` contains `etag`; weak comparison, as RFC 9110 requires for GET and HEAD.
 */
export function isNotModified(request: Request, etag: string): boolean {
  const header = request.headers.get("if-none-match");
  if (header === null) return false;
  const tags = header.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag.replace(/^W\//, ""));
}
