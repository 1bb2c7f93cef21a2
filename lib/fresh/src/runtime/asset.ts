import { BUILD_ID } from "../build_id.ts";
import { assetPath, assetSrcSetPath } from "./asset_path.ts";

/** The URL of a static file that may be cached for good, because it names this build. */
export function asset(path: string): string {
  return assetPath(path, BUILD_ID);
}

/** `asset()` for every URL of a `srcset` attribute. */
export function assetSrcSet(srcset: string): string {
  return assetSrcSetPath(srcset, BUILD_ID);
}
