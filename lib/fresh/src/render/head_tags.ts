import { type ComponentType, Fragment, h, type VNode } from "preact";
import { lazyFragment, NOTHING } from "./lazy_fragment.ts";
import type { RenderState } from "./render_state.ts";
import { rewrite } from "./rewrite.ts";

const TAGS = new Set(["title", "meta", "link", "script", "style", "base", "noscript", "template"]);

export interface HeadTag {
  type: string;
  props: Record<string, unknown>;
}

export function isHeadTag(type: string): boolean {
  return TAGS.has(type);
}

/** Collects a tag in `<Head>`, or puts a collected one in its place; says whether it did. */
export function mergeHeadTag(state: RenderState, vnode: VNode): boolean {
  const { headTags, headDepth, isInHead } = state;
  if (headDepth === 0 && !(isInHead && headTags.size > 0)) return false;
  const tag = toHeadTag(vnode);
  const name = mergeKey(tag);
  if (headDepth > 0) {
    headTags.set(name, tag);
    rewrite(vnode, Fragment, NOTHING);
    return true;
  }
  const replacement = headTags.get(name);
  if (replacement === undefined) return false;
  headTags.delete(name);
  rewrite(vnode, replacement.type, replacement.props);
  return true;
}

function toHeadTag(vnode: VNode): HeadTag {
  const props = vnode.props as Record<string, unknown>;
  return {
    type: vnode.type as string,
    props: vnode.key == null ? props : { ...props, "data-key": vnode.key },
  };
}

/** Tags with the same key replace each other: `key`, or the tag with all that identifies it. */
function mergeKey({ type, props }: HeadTag): string {
  if (props["data-key"] != null) return String(props["data-key"]);
  if (type === "title") return type;
  const parts: string[] = [];
  for (const name in props) {
    const isContent = name === "children" || name === "nonce" || name === "ref" ||
      type === "meta" && name === "content";
    if (!isContent) parts.push(`${name}=${textOf(props[name])}`);
  }
  return `${type}::${parts.sort().join("::")}`;
}

function textOf(value: unknown): string {
  const isHtml = typeof value === "object" && value !== null && "__html" in value;
  return String(isHtml ? value.__html : value);
}

/** What `<Head>` collected and `<head>` does not hold yet; written at its end. */
export function remainingHead(): VNode {
  return lazyFragment(({ headTags, target }) => {
    if (headTags.size === 0 && target.styles.length === 0) return NOTHING;
    const tags = Array.from(headTags.values(), ({ type, props }) => h(type as ElementType, props));
    headTags.clear();
    const styles = target.styles.map((href) => h("link", { rel: "stylesheet", href }));
    return { children: [...tags, ...styles] };
  });
}

type ElementType = string & ComponentType<Record<string, unknown>>;
