import { CDN_BRIEFLY } from "./cache_control.ts";
import { isNotModified, weakEtagOf } from "./etag.ts";

/**
 * A small JSON response with an ETag over `body` without ages, which change continuously. The tag
 * is therefore weak.
 */
export async function answerJson(request: Request, body: unknown): Promise<Response> {
  const withoutAges = JSON.stringify(
    body,
    (name, value) => name === "age_ms" ? undefined : value,
  );
  const etag = await weakEtagOf(withoutAges);
  const headers = { etag, "cache-control": CDN_BRIEFLY };
  if (isNotModified(request, etag)) return new Response(null, { status: 304, headers });
  return Response.json(body, { headers });
}
