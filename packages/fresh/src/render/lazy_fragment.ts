import { Fragment, h, type VNode } from "preact";
import type { RenderState } from "./render_state.ts";
import { rewrite } from "./rewrite.ts";

const CONTENT = Symbol("content");

/** What a fragment shows: its children, or finished HTML with vnodes in between. */
export type FragmentProps = { children: unknown } | { tpl: string[]; exprs?: VNode[] };

export const NOTHING: FragmentProps = { tpl: [] };

type Content = (state: RenderState) => FragmentProps;

/** A fragment that is asked for its content when its turn comes; a component would cost more. */
export function lazyFragment(content: Content): VNode {
  const vnode = h(Fragment, null);
  Object.assign(vnode.props, { [CONTENT]: content });
  return vnode;
}

/** Fills a fragment that was made to be filled. */
export function fillFragment(state: RenderState, vnode: VNode): void {
  const content = (vnode.props as { [CONTENT]?: Content })[CONTENT];
  if (content !== undefined) rewrite(vnode, Fragment, content(state));
}
