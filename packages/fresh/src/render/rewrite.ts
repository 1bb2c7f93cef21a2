import type { VNode } from "preact";

const TYPE = Symbol("type before the rewrite");
const PROPS = Symbol("props before the rewrite");

// Two properties, not one object: V8 moves an object that is allocated here straight to the old
// generation, where it keeps the whole tree of every page alive until the next major collection.
type Rewritten = Pick<VNode, "type" | "props"> & {
  [TYPE]?: VNode["type"];
  [PROPS]?: VNode["props"];
};

/** Renders a vnode as something else, until the next render restores it. */
export function rewrite(vnode: VNode, type: unknown, props: object): void {
  const target = vnode as Rewritten;
  target[TYPE] = vnode.type;
  target[PROPS] = vnode.props;
  target.type = type as VNode["type"];
  target.props = props as VNode["props"];
}

/** A vnode may be a constant that many pages share, so each render starts from the original. */
export function restore(vnode: VNode): void {
  const original = vnode as Rewritten;
  if (original[PROPS] === undefined) return;
  original.type = original[TYPE]!;
  original.props = original[PROPS];
}
