import type { AnyComponent, FunctionComponent, RenderableProps, VNode } from "preact";
import type { ResolvedFreshConfig } from "./config.ts";

/** Props of pages and the app wrapper. */
export interface RequestProps<T = unknown> {
  readonly config: ResolvedFreshConfig;
  readonly url: URL;
  req: Request;
  readonly info: Deno.ServeHandlerInfo;
  readonly state: T;
  /** The path of the matched route. */
  readonly route: string | null;
}

export type PageProps<Data = unknown, T = unknown> = RequestProps<T> & {
  /** In the app wrapper, the page. */
  Component: FunctionComponent;
  data: Data;
};

/** An async component may also return a response. */
export type AsyncAnyComponent<P> = {
  // deno-lint-ignore no-explicit-any
  (props: RenderableProps<P>, context?: any): Promise<VNode<any> | Response | null>;
  displayName?: string;
  defaultProps?: Partial<P> | undefined;
};

export type RouteComponent<State> =
  | AsyncAnyComponent<PageProps<unknown, State>>
  | AnyComponent<PageProps<unknown, State>>;
