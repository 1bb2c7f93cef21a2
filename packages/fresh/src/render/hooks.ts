import { Fragment, options, type VNode } from "preact";
import { Head } from "../runtime/head.ts";
import { bootFragments } from "./boot_scripts.ts";
import { isHeadTag, placeHeadTag, remainingHead } from "./head_tags.ts";
import { IslandSlot, markIsland } from "./island_boundary.ts";
import { fillFragment } from "./lazy_fragment.ts";
import { currentRender, type RenderState } from "./render_state.ts";
import { restore, rewrite } from "./rewrite.ts";

type Hook = (vnode: VNode) => void;
type RenderOptions = { vnode?: Hook; __b?: Hook; diffed?: Hook };

let isInstalled = false;

/** Hooks into Preact's rendering; does nothing outside `renderDocument()`. */
export function installHooks(): void {
  if (isInstalled) return;
  isInstalled = true;
  const hooks = options as RenderOptions;
  const { vnode: oldMade, __b: oldBefore, diffed: oldAfter } = hooks;
  hooks.vnode = (vnode) => {
    const state = currentRender();
    if (state !== null && vnode.type === "a") markActive(state, vnode);
    oldMade?.(vnode);
  };
  hooks.__b = (vnode) => {
    restore(vnode);
    const state = currentRender();
    if (state !== null) before(state, vnode);
    oldBefore?.(vnode);
  };
  hooks.diffed = (vnode) => {
    const state = currentRender();
    if (state !== null) after(state, vnode);
    oldAfter?.(vnode);
  };
}

/** As in Fresh, links are marked when they are created: not those that a handler created before. */
function markActive({ target }: RenderState, vnode: VNode): void {
  Object.assign(vnode.props, activeLinkProps(vnode.props as Record<string, unknown>, target));
}

function before(state: RenderState, vnode: VNode): void {
  const type: unknown = vnode.type;
  if (typeof type === "string") patchElement(state, vnode);
  else if (type === Fragment) fillFragment(state, vnode);
  else if (type === Head) state.headDepth++;
  else if (type === IslandSlot) state.enter(vnode, false);
  else if (state.isExpected(vnode)) state.enter(vnode, true);
  else if (!state.isInIsland) markIsland(state, vnode);
}

function after(state: RenderState, vnode: VNode): void {
  if (vnode.type === Head) state.headDepth--;
  else state.leave(vnode);
}

/** Adjusts the elements that the framework changes. */
function patchElement(state: RenderState, vnode: VNode): void {
  const type = vnode.type as string;
  const props = vnode.props as Record<string, unknown>;
  switch (type) {
    case "html":
      state.hasHtml = true;
      return;
    case "head":
      state.hasHead = true;
      return patch(vnode, { children: [props.children, remainingHead()] });
    case "body":
      state.hasBody = true;
      return patch(vnode, { children: [props.children, ...bootFragments()] });
  }
  if (isHeadTag(type)) placeHeadTag(state, vnode);
}

function patch(vnode: VNode, change: Record<string, unknown>): void {
  rewrite(vnode, vnode.type, { ...vnode.props, ...change });
}

/**
 * Attributes of a link to the current page, or to one above it. A link with another query than the
 * page's counts as above it. A link with `aria-current` is left alone.
 */
function activeLinkProps(
  props: Record<string, unknown>,
  { path, search }: { path: string; search: string },
): Record<string, string> | null {
  const { href } = props;
  if (typeof href !== "string" || !href.startsWith("/")) return null;
  if (props["aria-current"] !== undefined) return null;
  const url = new URL(href, "http://localhost");
  const target = withoutTrailingSlash(url.pathname);
  const current = withoutTrailingSlash(path);
  if (target === current && (url.search === "" || url.search === search)) {
    return { "data-current": "true", "aria-current": "page" };
  }
  if (target === current || target === "/" || current.startsWith(`${target}/`)) {
    return { "data-ancestor": "true", "aria-current": "true" };
  }
  return null;
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
