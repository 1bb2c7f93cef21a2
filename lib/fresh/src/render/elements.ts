import type { VNode } from "preact";
import { BUILD_ID } from "../build_id.ts";
import { assetPath, assetSrcSetPath } from "../runtime/asset_path.ts";
import { activeLinkProps } from "./active_link.ts";
import { bootFragments } from "./boot_scripts.ts";
import { isHeadTag, placeHeadTag, remainingHead } from "./head_tags.ts";
import type { RenderState } from "./render_state.ts";
import { rewrite } from "./rewrite.ts";

type Props = Record<string, unknown>;

/** Adjusts the elements that the framework has a hand in. */
export function patchElement(state: RenderState, vnode: VNode): void {
  const type = vnode.type as string;
  const props = vnode.props as Props;
  switch (type) {
    case "a":
      return patch(vnode, activeLinkProps(props.href, state.target.path));
    case "img":
    case "source":
      return patch(vnode, lockedAssets(props));
    case "html":
      state.hasHtml = true;
      return;
    case "head":
      state.hasHead = true;
      return patch(vnode, { children: [props.children, remainingHead()] });
    case "body":
      state.hasBody = true;
      return patch(vnode, { children: [props.children, ...bootFragments()] });
  }
  if (isHeadTag(type)) placeHeadTag(state, vnode);
}

function patch(vnode: VNode, change: Props | null): void {
  if (change !== null) rewrite(vnode, vnode.type, { ...vnode.props, ...change });
}

function lockedAssets(props: Props): Props | null {
  if (props["data-fresh-disable-lock"]) return null;
  const { src, srcset } = props;
  const changed: Props = {};
  if (typeof src === "string") changed.src = assetPath(src, BUILD_ID);
  if (typeof srcset === "string") changed.srcset = assetSrcSetPath(srcset, BUILD_ID);
  return changed;
}
