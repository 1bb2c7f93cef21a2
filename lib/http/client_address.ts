import { isAuthority } from "../core/authority.ts";

/** Forwarded headers of the nearest `hops` proxies, which are trusted; earlier ones are not. */
export interface ProxyOptions {
  /** Trusted proxies in front of the server; 0: no forwarded header is used. */
  readonly hops: number;
}

/**
 * Address of the client: the peer, or the one that the outermost trusted proxy has added to
 * `X-Forwarded-For`
 * (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For).
 */
export function clientAddress(
  request: Request,
  remoteAddr: Deno.Addr,
  proxy: ProxyOptions,
): string {
  const peer = "hostname" in remoteAddr ? remoteAddr.hostname : "";
  return believed(request, "x-forwarded-for", proxy) ?? peer;
}

/** Origin in the client's URL, such as `https://wick.example`. */
export function publicOrigin(request: Request, url: URL, proxy: ProxyOptions): string {
  const host = believed(request, "x-forwarded-host", proxy);
  const authority = host !== undefined && isAuthority(host) ? host : url.host;
  return `${publicScheme(request, url, proxy)}://${authority}`;
}

/** Scheme of the client's request to the outermost trusted proxy. */
export function publicScheme(request: Request, url: URL, proxy: ProxyOptions): "http" | "https" {
  const told = believed(request, "x-forwarded-proto", proxy)?.toLowerCase();
  const scheme = told === "http" || told === "https" ? told : url.protocol.slice(0, -1);
  return scheme === "https" ? "https" : "http";
}

/**
 * The value set by the outermost trusted proxy: each proxy appends its own, so a client's forged
 * values are on the left.
 */
function believed(request: Request, header: string, { hops }: ProxyOptions): string | undefined {
  if (hops === 0) return undefined;
  const told = splitHeader(request.headers.get(header));
  return told.at(-hops) ?? told[0];
}

function splitHeader(text: string | null): string[] {
  return (text ?? "").split(",").map((item) => item.trim()).filter((item) => item !== "");
}
