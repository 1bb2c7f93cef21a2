import { type ComponentChildren, Fragment, h, isValidElement, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { Signal } from "@preact/signals";
import { currentRender, type RenderState } from "./render_state.ts";
import { rewrite } from "./rewrite.ts";

/** Marks where an island begins and ends, and keeps its props for the browser. */
export function markIsland(state: RenderState, vnode: VNode): void {
  const island = state.target.buildCache.islands.get(vnode.type);
  if (island === undefined) return;
  const { key, props: given } = vnode as VNode<Record<string, unknown>>;
  const props: Record<string, unknown> = {};
  for (const name in given) props[name] = toProp(state, name, given[name]);
  const index = state.uses.push({ island, props }) - 1;
  state.islands.add(island);
  const root = h(island.fn, props);
  state.expect(root);
  const marker = `island:${island.name}:${index}:${encodeURIComponent(String(key ?? ""))}`;
  rewrite(vnode, Fragment, {
    tpl: [`<!--frsh:${marker}-->`, "<!--/frsh:island-->"],
    exprs: [root],
  });
}

interface SlotProps {
  id: number;
  name: string;
  children?: ComponentChildren;
}

/** Marks JSX that is passed to an island; the browser reuses its HTML. */
export function IslandSlot({ id, name, children }: SlotProps): VNode {
  currentRender()!.slots[id]!.isRendered = true;
  const marker = `slot:${id}:${encodeURIComponent(name)}`;
  return jsxTemplate([`<!--frsh:${marker}-->`, "<!--/frsh:slot-->"], h(Fragment, null, children));
}

export function isSlot(value: unknown): value is VNode<SlotProps> {
  return isElement(value) && value.type === IslandSlot as unknown;
}

export function isElement(value: unknown): value is VNode {
  return isValidElement(value) && !(value as unknown instanceof Signal);
}

function toProp(state: RenderState, name: string, value: unknown): unknown {
  if (!isElement(value) && !(name === "children" && isRenderable(value))) return value;
  const children = value as ComponentChildren;
  const id = state.slots.push({ name, children, isRendered: false }) - 1;
  return h(IslandSlot, { id, name }, children);
}

function isRenderable(value: unknown): boolean {
  return value != null && typeof value !== "boolean" && typeof value !== "function" &&
    !(value instanceof Signal);
}
