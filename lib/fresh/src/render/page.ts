import { Fragment, h, isValidElement, type VNode } from "preact";
import { urlPrefix } from "../config.ts";
import { type Context, INTERNALS } from "../context.ts";
import { rememberNonce } from "../csp_nonce.ts";
import type { LayoutConfig } from "../route.ts";
import { type Ui, withoutSkipped } from "../ui.ts";
import { bootPlan } from "./boot_plan.ts";
import { toVNode } from "./component.ts";
import { renderDocument } from "./document.ts";
import { type PageTarget, RenderState } from "./render_state.ts";

/** Puts a page into its layouts and the app wrapper, and answers with the document. */
export async function renderPage<State>(
  ctx: Context<State>,
  vnode: VNode | null,
  init: ResponseInit,
  config: LayoutConfig,
): Promise<Response> {
  assertVNode(vnode);
  const ui = withoutSkipped(ctx[INTERNALS].ui, config);
  const page = ui.layouts.length === 0 ? vnode : await inLayouts(ctx, ui.layouts, vnode);
  if (page instanceof Response) return page;

  const slot = { content: null as VNode | null };
  const app = ui.app === null ? null : await inApp(ctx, ui.app, slot);
  if (app instanceof Response) return app;

  const state = new RenderState(targetOf(ctx));
  const html = renderDocument(state, page, app === null ? null : { vnode: app, slot });
  const response = new Response(html, { ...init, headers: headersOf(state, init) });
  rememberNonce(response, state.nonce);
  return response;
}

function assertVNode(vnode: unknown): void {
  if (vnode !== null && !isValidElement(vnode)) {
    throw new TypeError(`Cannot render a page: expected JSX or null, but got ${typeof vnode}`);
  }
}

async function inLayouts<State>(
  ctx: Context<State>,
  layouts: Ui<State>["layouts"],
  page: VNode | null,
): Promise<VNode | Response | null> {
  let vnode: VNode | null = page;
  for (const layout of layouts.toReversed()) {
    const child = vnode;
    const wrapped = await toVNode(ctx, layout, { data: null, Component: () => child });
    if (wrapped instanceof Response) return wrapped;
    vnode = wrapped;
  }
  return vnode;
}

async function inApp<State>(
  ctx: Context<State>,
  app: NonNullable<Ui<State>["app"]>,
  slot: { content: VNode | null },
): Promise<VNode | Response> {
  const vnode = await toVNode(ctx, app, { data: null, Component: () => slot.content });
  return vnode ?? h(Fragment, null);
}

function targetOf<State>(ctx: Context<State>): PageTarget {
  const { buildCache, styles } = ctx[INTERNALS];
  return { buildCache, styles, prefix: urlPrefix(ctx.config), path: ctx.url.pathname };
}

function headersOf({ target, islands }: RenderState, init: ResponseInit): HeadersInit {
  const contentType = "text/html; charset=utf-8";
  const link = islands.size === 0 ? "" : bootPlan(target, islands).link;
  if (init.headers === undefined) {
    return link === "" ? { "content-type": contentType } : { "content-type": contentType, link };
  }
  const headers = new Headers(init.headers);
  headers.set("content-type", contentType);
  if (link !== "") headers.append("link", link);
  return headers;
}
