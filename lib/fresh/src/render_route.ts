import { type Context, INTERNALS } from "./context.ts";
import { type HandlerFn, isHandlerByMethod, type PageResponse } from "./handlers.ts";
import { toVNode } from "./render/component.ts";
import type { Route } from "./route.ts";
import { withoutSkipped } from "./ui.ts";

/** Runs a route's handler and, unless that answers itself, renders the route's component. */
export async function renderRoute<State>(
  ctx: Context<State>,
  route: Route<State>,
  status = 200,
): Promise<Response> {
  const internals = ctx[INTERNALS];
  internals.ui = withoutSkipped(internals.ui, route.config);
  internals.styles = route.css ?? [];
  const fn = handlerFor(route, ctx.req.method);
  if (fn === null) return await ctx.next();
  const result = await fn(ctx);
  if (result instanceof Response) return result;
  if (typeof result !== "object" || result === null) {
    throw new TypeError(`Cannot answer ${ctx.route}: the handler returned ${result}`);
  }
  return await renderData(ctx, route, result, status);
}

async function renderData<State>(
  ctx: Context<State>,
  route: Route<State>,
  page: PageResponse<unknown>,
  status: number,
): Promise<Response> {
  const init: ResponseInit = { status: page.status ?? status };
  if (page.headers !== undefined) init.headers = page.headers;
  if (route.component === undefined) return await ctx.render(null, init);
  const vnode = await toVNode(ctx, route.component, { data: page.data, Component: () => null });
  return vnode instanceof Response ? vnode : await ctx.render(vnode, init);
}

function handlerFor<State>(route: Route<State>, method: string): HandlerFn<unknown, State> | null {
  const { handler } = route;
  if (!isHandlerByMethod<unknown, State>(handler)) return handler ?? null;
  const byMethod = handler as Record<
    string,
    HandlerFn<unknown, State> | undefined
  >;
  return byMethod[method] ?? (method === "HEAD" ? byMethod.GET : undefined) ??
    null;
}
