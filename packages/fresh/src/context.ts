import type { FunctionComponent, VNode } from "preact";
import type { ResolvedFreshConfig } from "./config.ts";
import { type PageSurroundings, renderPage } from "./render/page.ts";
import { requestUrl } from "./request_url.ts";

export const INTERNALS: unique symbol = Symbol("fresh internals");

export interface ContextInit<State> extends PageSurroundings<State> {
  readonly req: Request;
  readonly url: URL | null;
  readonly info: Deno.ServeHandlerInfo;
  readonly route: string | null;
  readonly config: ResolvedFreshConfig;
}

/** A request, as middlewares and routes get it. */
export class Context<State> {
  readonly config: ResolvedFreshConfig;
  req: Request;
  /** The path of the matched route. */
  readonly route: string | null;
  readonly state: State = {} as State;
  readonly info: Deno.ServeHandlerInfo;
  /** Runs the next middleware. */
  next!: () => Promise<Response>;
  Component!: FunctionComponent;
  /** Private to the framework. */
  readonly [INTERNALS]: PageSurroundings<State>;
  #url: URL | null;

  constructor({ req, url, info, route, config, buildCache, app }: ContextInit<State>) {
    this.config = config;
    this.req = req;
    this.route = route;
    this.info = info;
    this.#url = url;
    this[INTERNALS] = { buildCache, app };
  }

  get url(): URL {
    return this.#url ??= requestUrl(this.req);
  }

  /** Renders a page inside the app wrapper. */
  async render(
    // deno-lint-ignore no-explicit-any
    vnode: VNode<any> | null,
    init: ResponseInit | undefined = {},
  ): Promise<Response> {
    return await renderPage(this, this[INTERNALS], vnode, init);
  }
}
