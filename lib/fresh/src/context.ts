import type { FunctionComponent, VNode } from "preact";
import type { BuildCache } from "./build/build_cache.ts";
import type { ResolvedFreshConfig } from "./config.ts";
import { PARTIAL_SEARCH_PARAM } from "./constants.ts";
import { redirectLocation } from "./redirect_location.ts";
import { renderPage } from "./render/page.ts";
import { requestUrl } from "./request_url.ts";
import type { LayoutConfig } from "./route.ts";
import { streamBody, type StreamSource } from "./stream_body.ts";
import { BARE_UI, type Ui } from "./ui.ts";

export const INTERNALS: unique symbol = Symbol("fresh internals");

/** What the framework keeps on a context, out of the app's sight. */
export interface ContextInternals<State> {
  buildCache: BuildCache<State>;
  ui: Ui<State>;
  /** Style sheets the matched route asks for. */
  styles: readonly string[];
}

export interface ContextInit<State> {
  req: Request;
  url: URL | null;
  info: Deno.ServeHandlerInfo;
  route: string | null;
  params: Record<string, string>;
  config: ResolvedFreshConfig;
  next: () => Promise<Response>;
  buildCache: BuildCache<State>;
}

/** @deprecated Use {@linkcode Context}. */
export type FreshContext<State = unknown> = Context<State>;

/** One request on its way through middlewares and routes. */
export class Context<State> {
  readonly config: ResolvedFreshConfig;
  req: Request;
  /** The pattern of the matched route. */
  readonly route: string | null;
  readonly params: Record<string, string>;
  readonly state: State = {} as State;
  data: unknown = undefined;
  /** What was thrown, once something was. */
  error: unknown | null = null;
  readonly info: Deno.ServeHandlerInfo;
  /** Runs the next middleware. */
  next: () => Promise<Response>;
  Component!: FunctionComponent;
  readonly [INTERNALS]: ContextInternals<State>;
  #url: URL | null;

  constructor(init: ContextInit<State>) {
    this.config = init.config;
    this.req = init.req;
    this.route = init.route;
    this.params = init.params;
    this.info = init.info;
    this.next = init.next;
    this.#url = init.url;
    this[INTERNALS] = { buildCache: init.buildCache, ui: BARE_UI, styles: [] };
  }

  get url(): URL {
    return this.#url ??= requestUrl(this.req, this.config);
  }

  get isPartial(): boolean {
    return this.req.url.includes(PARTIAL_SEARCH_PARAM) &&
      this.url.searchParams.has(PARTIAL_SEARCH_PARAM);
  }

  /** Answers with a redirect; a path never leaves this host. */
  redirect(pathOrUrl: string, status = 302): Response {
    const location = redirectLocation(pathOrUrl, this.isPartial);
    return new Response(null, { status, headers: { location } });
  }

  /** Renders a page inside its layouts and the app wrapper. */
  async render(
    // deno-lint-ignore no-explicit-any
    vnode: VNode<any> | null,
    init: ResponseInit | undefined = {},
    config: LayoutConfig = {},
  ): Promise<Response> {
    return await renderPage(this, vnode, init, config);
  }

  text(content: string, init?: ResponseInit): Response {
    return new Response(content, init);
  }

  html(content: string, init?: ResponseInit): Response {
    const headers = new Headers(init?.headers);
    headers.set("content-type", "text/html; charset=utf-8");
    return new Response(content, { ...init, headers });
  }

  // deno-lint-ignore no-explicit-any
  json(content: any, init?: ResponseInit): Response {
    return Response.json(content, init);
  }

  /** Streams text or bytes as they come, without gathering them first. */
  stream<U extends string | Uint8Array>(
    stream: StreamSource<U> | (() => StreamSource<U>),
    init?: ResponseInit,
  ): Response {
    const source = typeof stream === "function" ? stream() : stream;
    return new Response(streamBody(source) as ReadableStream<Uint8Array<ArrayBuffer>>, init);
  }
}
