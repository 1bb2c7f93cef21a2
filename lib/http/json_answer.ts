import { CDN_BRIEFLY } from "./cache_control.ts";
import { isNotModified, weakEtagOf } from "./etag.ts";

/**
 * A small JSON answer with an entity tag over `body`, leaving out what only says how old things are:
 * ages run on while nothing changes. Hence the tag is weak.
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
