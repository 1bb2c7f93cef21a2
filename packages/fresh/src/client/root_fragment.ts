/** Stands in for the parent of an island, limited to the nodes between its two comments. */
export function rootFragment(start: Comment, end: Comment): Element {
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
