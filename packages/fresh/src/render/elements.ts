import type { VNode } from "preact";
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

function patch(vnode: VNode, change: Props): void {
  rewrite(vnode, vnode.type, { ...vnode.props, ...change });
}
