import { render, type VNode } from "preact";
import { rootFragment } from "./root_fragment.ts";

/** What Preact keeps on its vnodes: the children it rendered, and the node of an element or text. */
interface RenderedVNode {
  type: unknown;
  __k?: (RenderedVNode | null)[] | null;
  __e?: Node | null;
}

/** Renders an island over what the server drew between two comments. */
export function renderIsland(vnode: VNode, start: Comment, end: Comment): void {
  const root = rootFragment(start, end);
  render(vnode, root);
  const kept = new Set<Node>();
  collectNodes((root as unknown as RenderedVNode).__k, kept);
  // Preact takes over the nodes that fit, and leaves those that do not where they are.
  for (const node of Array.from(root.childNodes)) {
    if (!kept.has(node)) node.remove();
  }
}

function collectNodes(children: RenderedVNode["__k"] | RenderedVNode, nodes: Set<Node>): void {
  for (const vnode of [children].flat()) {
    if (!vnode) continue;
    if (typeof vnode.type === "function") collectNodes(vnode.__k, nodes);
    else if (vnode.__e) nodes.add(vnode.__e);
  }
}
