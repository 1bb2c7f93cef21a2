/** Marks a link to the current page, or to one above it. */
export function activeLinkProps(href: unknown, path: string): Record<string, string> | null {
  if (typeof href !== "string" || !href.startsWith("/")) return null;
  const target = withoutTrailingSlash(pathOf(href));
  const current = withoutTrailingSlash(path);
  if (target === current) return { "data-current": "true", "aria-current": "page" };
  if (target === "/" || current.startsWith(`${target}/`)) {
    return { "data-ancestor": "true", "aria-current": "true" };
  }
  return null;
}

function pathOf(href: string): string {
  if (/^(?:\/[\w-][\w\-.]*)*\/?$/.test(href)) return href;
  return URL.parse(href, "http://localhost")?.pathname ?? href;
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
