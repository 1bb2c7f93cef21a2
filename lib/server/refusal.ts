/**
 * A response in the usual error format, sent before the app sees a request; closes its connection.
 */
export function refusal(
  status: 400 | 429 | 500 | 503,
  code: "invalid_input" | "busy" | "internal",
  message: string,
): Response {
  const headers = new Headers({
    "cache-control": "no-store",
    "connection": "close",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  });
  if (code === "busy") headers.set("retry-after", "5");
  return Response.json({ error: { code, message } }, { status, headers });
}
