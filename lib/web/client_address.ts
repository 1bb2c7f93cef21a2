/** What the nearest `hops` proxies say of a request; they are believed, those before them are not. */
export interface ProxyOptions {
  /** Proxies of the operator's own in front; 0: nobody is believed. */
  readonly hops: number;
}

/**
 * Address of the client: of the peer, or what the outermost believed proxy has put into
 * `X-Forwarded-For` (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For).
 */
export function clientAddress(
  request: Request,
  remoteAddr: Deno.Addr,
  { hops }: ProxyOptions,
): string {
  const peer = "hostname" in remoteAddr ? remoteAddr.hostname : "";
  if (hops === 0) return peer;
  const told = splitHeader(request.headers.get("x-forwarded-for"));
  return told.at(-hops) ?? told[0] ?? peer;
}

const HOST = /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:]+\](:\d{1,5})?$/i;

/** Origin under which the client knows us, such as `https://wick.example`. */
export function publicOrigin(request: Request, url: URL, { hops }: ProxyOptions): string {
  if (hops === 0) return url.origin;
  const proto = splitHeader(request.headers.get("x-forwarded-proto"))[0];
  const host = splitHeader(request.headers.get("x-forwarded-host"))[0];
  const scheme = proto === "http" || proto === "https" ? proto : url.protocol.slice(0, -1);
  return `${scheme}://${host !== undefined && HOST.test(host) ? host : url.host}`;
}

function splitHeader(text: string | null): string[] {
  return (text ?? "").split(",").map((item) => item.trim()).filter((item) => item !== "");
}
