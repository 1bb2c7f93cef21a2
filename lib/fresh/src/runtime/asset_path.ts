import { ASSET_CACHE_BUST_KEY } from "../constants.ts";

/** Adds the build's id to a path on this host; any other URL stays as it is. */
export function assetPath(path: string, buildId: string): string {
  if (!path.startsWith("/") || path.startsWith("//")) return path;
  const url = URL.parse(path, "https://asset.invalid");
  if (
    url === null || url.host !== "asset.invalid" ||
    url.searchParams.has(ASSET_CACHE_BUST_KEY)
  ) {
    return path;
  }
  url.searchParams.set(ASSET_CACHE_BUST_KEY, buildId);
  return url.pathname + url.search + url.hash;
}

export function assetSrcSetPath(srcset: string, buildId: string): string {
  if (srcset.includes("(")) return srcset;
  const parts = srcset.split(",");
  if (parts.some((part) => part.trim() === "")) return srcset;
  return parts.map((part) => part.replace(/\S+/, (url) => assetPath(url, buildId))).join(",");
}
