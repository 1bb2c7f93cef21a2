import { type ComponentChild, type ComponentType, h } from "preact";
import { parseIslandMarker, type SlotRange } from "./markers.ts";
import type { IslandProps } from "./parse_props.ts";

interface Known {
  islands: Record<string, ComponentType>;
  props: IslandProps[];
}

/** The server's HTML for a slot: in the island, or in a template if the island did not show it. */
export function slotContent(
  id: number,
  slots: Map<number, SlotRange>,
  known: Known,
): ComponentChild[] {
  const range = slots.get(id);
  if (range !== undefined) return toChildren(range.start.nextSibling, range.end, known);
  const template = document.querySelector<HTMLTemplateElement>(`template[id^="frsh-${id}-"]`);
  return template === null ? [] : toChildren(template.content.firstChild, null, known);
}

function toChildren(first: Node | null, end: Node | null, known: Known): ComponentChild[] {
  const children: ComponentChild[] = [];
  for (
    let node = first;
    node !== null && node !== end;
    node = node.nextSibling
  ) {
    if (node instanceof Text) children.push(node.data);
    else if (node instanceof Element) children.push(toElement(node, known));
    else if (node instanceof Comment) {
      const island = parseIslandMarker(node.data);
      if (island === null) continue;
      const { name, index, key } = island;
      children.push(h(known.islands[name]!, { ...known.props[index], key: key || undefined }));
      node = endOf(node);
    }
  }
  return children;
}

function toElement(element: Element, known: Known): ComponentChild {
  const props: Record<string, unknown> = {};
  for (const { name, value } of element.attributes) {
    if (name.startsWith("on")) continue; // inline code stays on its node
    const isBoolean = typeof (element as unknown as Record<string, unknown>)[name] ===
      "boolean";
    props[name] = isBoolean ? true : value;
  }
  const content = element instanceof HTMLTemplateElement ? element.content : element;
  return h(element.localName, props, toChildren(content.firstChild, null, known));
}

function endOf(start: Comment): Node {
  let depth = 0;
  let node: Node = start;
  for (;; node = node.nextSibling) {
    const text = node instanceof Comment ? node.data : "";
    if (text.startsWith("frsh:island:")) depth++;
    else if (text === "/frsh:island") depth--;
    if (depth === 0 || node.nextSibling === null) return node;
  }
}
