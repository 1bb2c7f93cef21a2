import { isAuthority } from "../core/authority.ts";
import { refusal } from "./refusal.ts";

type Handler = (
  request: Request,
  info: Deno.ServeHandlerInfo,
) => Response | Promise<Response>;

/**
 * Answers 400 to requests whose address cannot be read, and hands the others to `handler`. Deno puts
 * the Host header, or the host of an absolute request target, into `request.url` as it came:
 * `new URL` throws for some, and for `a/b` or `a?b` it finds another path than was asked for.
 */
export function refuseMalformed(handler: Handler): Handler {
  /** Of the last good request: nearly all of them have the same. */
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

/** The answer to a request whose address cannot be read. */
export function malformed(): Response {
  return refusal(
    400,
    "invalid_input",
    "Cannot read the address of this request: its host is not a name with an optional port",
  );
}
