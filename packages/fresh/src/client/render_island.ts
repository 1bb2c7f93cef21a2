import { render, type VNode } from "preact";

/** The private fields of Preact's vnodes: rendered children, and the node of an element or text. */
interface RenderedVNode {
  type: unknown;
  __k?: (RenderedVNode | null)[] | null;
  __e?: Node | null;
}

/** Renders an island over the server's HTML between two comments. */
export function renderIsland(vnode: VNode, start: Comment, end: Comment): void {
  const root = rootFragment(start, end);
  render(vnode, root);
  const kept = new Set<Node>();
  collectNodes((root as unknown as RenderedVNode).__k, kept);
  // Preact reuses matching nodes, and leaves the others in place.
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

/** The parent of an island as Preact sees it: only the nodes between its two comments. */
function rootFragment(start: Comment, end: Comment): Element {
  const parent = start.parentNode as Element;
  const insertBefore = (node: Node, next: Node | null) => parent.insertBefore(node, next ?? end);
  const fragment = {
    nodeType: 1,
    parentNode: parent,
    namespaceURI: parent.namespaceURI,
    ownerDocument: parent.ownerDocument,
    get firstChild() {
      return start.nextSibling === end ? null : start.nextSibling;
    },
    get childNodes() {
      const nodes: Node[] = [];
      for (
        let node = start.nextSibling;
        node && node !== end;
        node = node.nextSibling
      ) {
        nodes.push(node);
      }
      return nodes;
    },
    insertBefore,
    appendChild: (node: Node) => insertBefore(node, null),
    removeChild: (node: Node) => parent.removeChild(node),
    contains: (node: Node | null) => parent.contains(node),
  };
  return fragment as unknown as Element;
}
