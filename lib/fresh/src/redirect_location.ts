import { PARTIAL_SEARCH_PARAM } from "./constants.ts";

/** Folds the slashes of a path, so that `//evil.com` stays on this host. */
export function redirectLocation(pathOrUrl: string, isPartial: boolean): string {
  let location = pathOrUrl;
  if (pathOrUrl.startsWith("/")) {
    const end = pathOrUrl.search(/[?#]/);
    const path = end === -1 ? pathOrUrl : pathOrUrl.slice(0, end);
    location = path.replaceAll(/[/\\]{2,}/g, "/") +
      pathOrUrl.slice(path.length);
  }
  return isPartial ? withPartialParam(location) : location;
}

function withPartialParam(location: string): string {
  const hashAt = location.indexOf("#");
  const base = hashAt === -1 ? location : location.slice(0, hashAt);
  const separator = base.includes("?") ? "&" : "?";
  return `${base}${separator}${PARTIAL_SEARCH_PARAM}=true${location.slice(base.length)}`;
}
