/**
 * Marks a link to the current page, or to one above it; a link with another query than the page's
 * counts as above it, and one that says itself what it is stays as it is.
 */
export function activeLinkProps(
  props: Record<string, unknown>,
  { path, search }: { path: string; search: string },
): Record<string, string> | null {
  const { href } = props;
  if (typeof href !== "string" || !href.startsWith("/")) return null;
  if (props["aria-current"] !== undefined) return null;
  const url = new URL(href, "http://localhost");
  const target = withoutTrailingSlash(url.pathname);
  const current = withoutTrailingSlash(path);
  if (target === current && (url.search === "" || url.search === search)) {
    return { "data-current": "true", "aria-current": "page" };
  }
  if (target === current || target === "/" || current.startsWith(`${target}/`)) {
    return { "data-ancestor": "true", "aria-current": "true" };
  }
  return null;
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
