const PLAIN_PATH = /^(?:\/[\w-][\w\-.~]*)*\/?$/;

/** The path of a raw request URL, or `null` if it has to be parsed as a URL. */
export function plainPath(rawUrl: string): string | null {
  const start = rawUrl.indexOf("/", rawUrl.indexOf("://") + 3);
  if (start === -1) return null;
  let end = rawUrl.indexOf("?", start);
  if (end === -1) end = rawUrl.length;
  const path = rawUrl.slice(start, end);
  return PLAIN_PATH.test(path) ? path : null;
}

/** Parses a request URL; repeated slashes are folded, or `//evil.com` could become a redirect. */
export function requestUrl(req: Request): URL {
  const url = new URL(req.url);
  if (url.pathname.includes("//")) url.pathname = url.pathname.replaceAll(/\/{2,}/g, "/");
  return url;
}
