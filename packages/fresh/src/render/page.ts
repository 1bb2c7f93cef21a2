import { Fragment, h, isValidElement, type VNode } from "preact";
import type { BuildAssets } from "../build/build_assets.ts";
import { rememberNonce } from "../csp_nonce.ts";
import type { RequestProps, RouteComponent } from "../route.ts";
import { bootPlan } from "./boot_plan.ts";
import { toVNode } from "./component.ts";
import { renderDocument } from "./document.ts";
import { type PageTarget, RenderState } from "./render_state.ts";

/** Inputs of rendering besides the request. */
export interface PageSurroundings<State> {
  readonly buildCache: BuildAssets;
  /** The component around every page. */
  readonly app: RouteComponent<State> | null;
}

/** Renders a page in the app wrapper, as a response. */
export async function renderPage<State>(
  ctx: RequestProps<State>,
  { app: wrapper, buildCache }: PageSurroundings<State>,
  vnode: VNode | null,
  init: ResponseInit,
): Promise<Response> {
  assertVNode(vnode);
  const slot = { content: null as VNode | null };
  const app = wrapper === null ? null : await inApp(ctx, wrapper, slot);
  if (app instanceof Response) return app;

  const state = new RenderState(targetOf(ctx, buildCache));
  const html = renderDocument(state, vnode, app === null ? null : { vnode: app, slot });
  const { headers, ...rest } = init;
  // With its headers at once, Deno would copy the body for a response that a middleware may
  // replace.
  const response = new Response(html, rest);
  setHeaders(response.headers, state, headers);
  rememberNonce(response, state.nonce);
  return response;
}

function assertVNode(vnode: unknown): void {
  if (vnode !== null && !isValidElement(vnode)) {
    throw new TypeError(`Cannot render a page: expected JSX or null, but got ${typeof vnode}`);
  }
}

async function inApp<State>(
  ctx: RequestProps<State>,
  app: RouteComponent<State>,
  slot: { content: VNode | null },
): Promise<VNode | Response> {
  const vnode = await toVNode(ctx, app, { data: null, Component: () => slot.content });
  return vnode ?? h(Fragment, null);
}

function targetOf(ctx: RequestProps, buildCache: BuildAssets): PageTarget {
  const { pathname, search } = ctx.url;
  return { buildCache, prefix: ctx.config.basePath, path: pathname, search };
}

function setHeaders(
  own: Headers,
  { target, islands }: RenderState,
  given: HeadersInit | undefined,
): void {
  own.delete("content-type");
  if (given !== undefined) {
    for (const [name, value] of new Headers(given)) own.append(name, value);
  }
  own.set("content-type", "text/html; charset=utf-8");
  if (islands.size > 0) own.append("link", bootPlan(target, islands).link);
}
