import { BUILD_ID } from "../build_id.ts";
import { ASSET_CACHE_BUST_KEY } from "../constants.ts";

/**
 * The URL of a static file with the build's id, which may be cached forever. URLs that are not a
 * path on this host stay as they are.
 */
export function asset(path: string): string {
  if (!path.startsWith("/") || path.startsWith("//")) return path;
  const url = URL.parse(path, "https://asset.invalid");
  if (url === null || url.host !== "asset.invalid" || url.searchParams.has(ASSET_CACHE_BUST_KEY)) {
    return path;
  }
  url.searchParams.set(ASSET_CACHE_BUST_KEY, BUILD_ID);
  return url.pathname + url.search + url.hash;
}
