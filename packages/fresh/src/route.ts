import type { AnyComponent, RenderableProps, VNode } from "preact";
import type { Context } from "./context.ts";

/** What pages and the app wrapper receive. */
export type PageProps<Data = unknown, T = unknown> =
  & Pick<Context<T>, "config" | "url" | "req" | "info" | "state" | "Component" | "route">
  & { data: Data };

/** An async component may also answer with a response of its own. */
export type AsyncAnyComponent<P> = {
  // deno-lint-ignore no-explicit-any
  (props: RenderableProps<P>, context?: any): Promise<VNode<any> | Response | null>;
  displayName?: string;
  defaultProps?: Partial<P> | undefined;
};

export type RouteComponent<State> =
  | AsyncAnyComponent<PageProps<unknown, State>>
  | AnyComponent<PageProps<unknown, State>>;
