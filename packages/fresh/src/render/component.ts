import { type ComponentType, type FunctionComponent, h, type VNode } from "preact";
import type { AsyncAnyComponent, PageProps, RequestProps, RouteComponent } from "../route.ts";

/** A route component as a vnode; an async one runs here and may return a response. */
export async function toVNode<State>(
  ctx: RequestProps<State>,
  component: RouteComponent<State>,
  { data, Component }: { data: unknown; Component: FunctionComponent },
): Promise<VNode | Response | null> {
  const props = pageProps(ctx, data, Component);
  if (isAsync<typeof props>(component)) {
    return await component(props as Parameters<typeof component>[0]) as VNode | Response | null;
  }
  return h(component as ComponentType<PageProps<unknown, State>>, props) as unknown as VNode;
}

function pageProps<State>(
  ctx: RequestProps<State>,
  data: unknown,
  Component: FunctionComponent,
): PageProps<unknown, State> {
  const { config, url, req, info, state, route } = ctx;
  return { config, url, req, info, state, route, data, Component };
}

function isAsync<P>(component: unknown): component is AsyncAnyComponent<P> {
  return typeof component === "function" &&
    component.constructor.name === "AsyncFunction";
}
