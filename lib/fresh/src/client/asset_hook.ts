import { options } from "preact";
import { BUILD_ID } from "../build_id.ts";
import { assetPath, assetSrcSetPath } from "../runtime/asset_path.ts";

/** Gives images in islands the URLs that the server gave them. */
export function installAssetHook(): void {
  const { vnode: oldHook } = options;
  options.vnode = (vnode) => {
    if (vnode.type === "img" || vnode.type === "source") lockAssets(vnode.props);
    oldHook?.(vnode);
  };
}

function lockAssets(props: Record<string, unknown>): void {
  if (props["data-fresh-disable-lock"]) return;
  if (typeof props.src === "string") props.src = assetPath(props.src, BUILD_ID);
  if (typeof props.srcset === "string") props.srcset = assetSrcSetPath(props.srcset, BUILD_ID);
}
