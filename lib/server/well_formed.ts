import { isAuthority } from "../core/authority.ts";
import { refusal } from "./refusal.ts";

type Handler = (
  request: Request,
  info: Deno.ServeHandlerInfo,
) => Response | Promise<Response>;

/**
 * Answers 400 to requests with an unparsable URL, and passes the others to `handler`. Deno copies
 * the Host header, or the host of an absolute request target, into `request.url` unchanged: `new
 * URL` throws for some, and for `a/b` or `a?b` it yields another path than requested.
 */
export function refuseMalformed(handler: Handler): Handler {
  /** Host of the last valid request; nearly all requests have the same one. */
  let known = "";
  return (request, info) => {
    const host = request.headers.get("host") ?? "";
    const { url } = request;
    const start = url.indexOf("://") + 3;
    const isKnown = host === known && host !== "" && url.startsWith(`${host}/`, start);
    if (isKnown) return handler(request, info);
    const authority = /^[^/?#\\]*/.exec(url.slice(start))![0];
    if ((host !== "" && !isAuthority(host)) || !isAuthority(authority) || !URL.canParse(url)) {
      return malformed();
    }
    known = host;
    return handler(request, info);
  };
}

/** The response to a request with an unparsable URL. */
export function malformed(): Response {
  return refusal(
    400,
    "invalid_input",
    "Cannot read the address of this request: its host is not a name with an optional port",
  );
}
