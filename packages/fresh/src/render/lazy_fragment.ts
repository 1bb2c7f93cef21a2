import { Fragment, h, type VNode } from "preact";
import type { RenderState } from "./render_state.ts";
import { rewrite } from "./rewrite.ts";

const CONTENT = Symbol("content");

/** The content of a fragment: children, or HTML with vnodes in between. */
export type FragmentProps = { children: unknown } | { tpl: string[]; exprs?: VNode[] };

export const NOTHING: FragmentProps = { tpl: [] };

type Content = (state: RenderState) => FragmentProps;

/** A fragment whose content is computed when it is rendered; a component would be slower. */
export function lazyFragment(content: Content): VNode {
  const vnode = h(Fragment, null);
  Object.assign(vnode.props, { [CONTENT]: content });
  return vnode;
}

/** Fills a lazy fragment; leaves others alone. */
export function fillFragment(state: RenderState, vnode: VNode): void {
  const content = (vnode.props as { [CONTENT]?: Content })[CONTENT];
  if (content !== undefined) rewrite(vnode, Fragment, content(state));
}
