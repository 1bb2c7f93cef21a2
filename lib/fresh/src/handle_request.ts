import { type BuildCache, emptyBuildCache } from "./build/build_cache.ts";
import { DENO_DEPLOYMENT_ID } from "./build_id.ts";
import type { Chain } from "./chain.ts";
import { type Command, methodNotAllowed, notFound } from "./commands.ts";
import { compileApp } from "./compile_app.ts";
import { type ResolvedFreshConfig, urlPrefix } from "./config.ts";
import { Context, type ContextInit } from "./context.ts";
import { HttpError } from "./error.ts";
import { plainPath, requestUrl } from "./request_url.ts";
import { itemFor, type RouteEntry } from "./routing/router.ts";
import { STATUS_TEXT } from "./status_text.ts";

type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

const LOCAL_INFO: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
};

export function createHandler<State>(
  config: ResolvedFreshConfig,
  commands: Command<State>[],
  cache: BuildCache<State> | null,
): Handler {
  if (cache === null && config.mode === "production" && DENO_DEPLOYMENT_ID !== undefined) {
    throw new Error(
      `Cannot serve a deployment without a build: run "deno task build" and start _fresh/server.js`,
    );
  }
  const buildCache = cache ?? emptyBuildCache<State>(config.root);
  const { router, fallback } = compileApp(commands, urlPrefix(config));

  return async (req, info = LOCAL_INFO) => {
    const path = plainPath(req.url);
    const url = path === null ? requestUrl(req, config) : null;
    const match = router.find(path ?? url!.pathname);
    const method = req.method.toUpperCase();
    const chain = match === null ? undefined : itemFor(match.entry, method);
    const params = chain === undefined ? Object.create(null) : match!.params;
    const route = match?.entry.pattern ?? null;
    const next = match === null || chain !== undefined
      ? notFound
      : unsupported(match.entry, method);
    return await answer(
      chain ?? fallback,
      { req, url, info, route, params, config, next, buildCache },
      method,
    );
  };
}

async function answer<State>(
  chain: Chain<State>,
  init: ContextInit<State>,
  method: string,
): Promise<Response> {
  try {
    const response = await chain.run(new Context<State>(init), init.next);
    if (!(response instanceof Response)) {
      throw new TypeError(`Expected a "Response" instance to be returned, but got: ${response}`);
    }
    return method === "HEAD" ? withoutBody(response) : response;
  } catch (error) {
    return answerError(error);
  }
}

/** OPTIONS of a known path lists its methods; any other method without a handler is a 405. */
function unsupported<T>(entry: RouteEntry<T>, method: string): () => Promise<Response> {
  if (method !== "OPTIONS") return methodNotAllowed;
  const allow = [...entry.items.keys()].join(", ");
  return () => Promise.resolve(new Response(null, { status: 204, headers: { allow } }));
}

function withoutBody(response: Response): Response {
  if (response.body === null) return response;
  const head = new Response(null, response);
  // A source that runs on for nobody would leak; its own failure to stop is nobody's news.
  response.body.cancel().catch(() => {});
  return head;
}

function answerError(error: unknown): Response {
  if (error instanceof HttpError) {
    if (error.status >= 500) report(error);
    const message = error.message || STATUS_TEXT[error.status];
    return new Response(message, { status: error.status });
  }
  report(error);
  return new Response("Internal server error", { status: 500 });
}

function report(error: unknown): void {
  // deno-lint-ignore no-console
  console.error(error);
}
