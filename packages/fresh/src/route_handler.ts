import type { Middleware } from "./app.ts";
import type { RouteModule } from "./build/file_routes.ts";
import type { Context } from "./context.ts";
import type { PageResponse } from "./handlers.ts";
import { toVNode } from "./render/component.ts";

/** Runs a route's handler and, unless that answers itself, renders the route's component. */
export function routeHandler<State>(route: RouteModule<State>): Middleware<State> {
  const { handler = () => ({ data: {} }) } = route;
  return async (ctx) => {
    const result = await handler(ctx);
    if (result instanceof Response) return result;
    if (typeof result !== "object" || result === null) {
      throw new TypeError(`Cannot answer ${ctx.route}: the handler returned ${result}`);
    }
    return await renderData(ctx, route, result);
  };
}

async function renderData<State>(
  ctx: Context<State>,
  { default: component }: RouteModule<State>,
  { data, status = 200, headers }: PageResponse<unknown>,
): Promise<Response> {
  const init: ResponseInit = { status };
  if (headers !== undefined) init.headers = headers;
  if (component === undefined) return await ctx.render(null, init);
  const vnode = await toVNode(ctx, component, { data, Component: () => null });
  return vnode instanceof Response ? vnode : await ctx.render(vnode, init);
}
