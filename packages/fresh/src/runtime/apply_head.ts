import { type ComponentChildren, toChildArray, type VNode } from "preact";

/** Brings the tags of an island's `<Head>` into the document's head. */
export function applyHead(children: ComponentChildren): void {
  for (const child of toChildArray(children)) {
    if (typeof child !== "object" || typeof child.type !== "string") continue;
    const props = child.props as Record<string, unknown> & {
      children?: ComponentChildren;
    };
    const text = toChildArray(props.children ?? null).map(String).join("");
    if (child.type === "title") {
      document.title = text;
      continue;
    }
    const element = findTag(child, props) ??
      document.head.appendChild(document.createElement(child.type));
    if (text !== "") element.textContent = text;
    applyAttributes(element, props);
  }
}

function findTag({ type, key }: VNode, props: Record<string, unknown>): Element | null {
  const find = (attribute: string, value: unknown) =>
    document.head.querySelector(`${type}[${attribute}="${CSS.escape(String(value))}"]`);
  if (key != null) return find("data-key", key);
  if (props.id) return find("id", props.id);
  if (type !== "meta") return type === "base" ? document.head.querySelector("base") : null;
  const attribute = ["name", "property", "http-equiv"].find((name) => props[name]);
  return attribute === undefined ? null : find(attribute, props[attribute]);
}

function applyAttributes(element: Element, props: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(props)) {
    if (name === "children") continue;
    if (value === null || value === undefined || value === false) {
      element.removeAttribute(name);
    } else element.setAttribute(name, value === true ? "" : String(value));
  }
}
