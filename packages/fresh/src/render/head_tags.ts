import { type ComponentType, Fragment, h, type VNode } from "preact";
import { lazyFragment, NOTHING } from "./lazy_fragment.ts";
import type { HeadTag, RenderState } from "./render_state.ts";
import { rewrite } from "./rewrite.ts";

const TAGS = new Set(["title", "meta", "link", "script", "style", "base", "noscript", "template"]);

export function isHeadTag(type: string): boolean {
  return TAGS.has(type);
}

/**
 * Collects a tag in `<Head>`, or puts a collected one in its place. As in Fresh 2.3.3 a tag is
 * replaced wherever it stands, so a `<title>` of an SVG needs a `key`.
 */
export function placeHeadTag(state: RenderState, vnode: VNode): void {
  const tag = toHeadTag(state, vnode);
  const name = mergeKey(vnode);
  if (state.headDepth > 0) {
    state.headTags.set(name, tag);
    return rewrite(vnode, Fragment, NOTHING);
  }
  const { type, props } = state.headTags.get(name) ?? tag;
  state.headTags.delete(name);
  if (props !== vnode.props) rewrite(vnode, type, props);
}

/** With its key as an attribute, and the page's nonce for scripts and styles. */
function toHeadTag({ nonce }: RenderState, { type, props, key }: VNode): HeadTag {
  const added: Record<string, unknown> = {};
  if (key != null) added["data-key"] = key;
  if ((type === "script" || type === "style") && !("nonce" in props && props.nonce)) {
    added.nonce = nonce;
  }
  return {
    type: type as string,
    props: (Object.keys(added).length === 0 ? props : { ...props, ...added }) as HeadTag["props"],
  };
}

/**
 * Tags with the same key replace each other: `key`, or the tag with its attributes. In Fresh 2.3.3
 * the `href` of a `<link>` does not count: of two style sheets without a `key`, one is left.
 */
function mergeKey({ type, props: given, key }: VNode): string {
  if (key != null) return String(key);
  if (type === "title") return type;
  const props = given as Record<string, unknown>;
  const names = Object.keys(props).filter((name) => !isContent(type as string, name)).sort();
  const parts = names.map((name) => {
    const value = props[name];
    return name === "dangerouslySetInnerHTML"
      ? String((value as { __html: unknown }).__html)
      : `::${value}`;
  });
  return type + parts.join("");
}

/** Attributes that differ between a tag and the one that replaces it. */
function isContent(type: string, name: string): boolean {
  return name === "children" || name === "nonce" || name === "ref" ||
    type === "meta" && name === "content" || type === "link" && name === "href";
}

/** Tags of `<Head>` that `<head>` does not contain yet, for its end. */
export function remainingHead(): VNode {
  return lazyFragment(({ headTags }) => {
    if (headTags.size === 0) return NOTHING;
    const tags = Array.from(headTags.values(), ({ type, props }) => h(type as ElementType, props));
    headTags.clear();
    return { children: tags };
  });
}

type ElementType = string & ComponentType<Record<string, unknown>>;
