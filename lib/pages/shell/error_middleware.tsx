import { type Context, HttpError } from "fresh";
import { AppError } from "../../core/errors.ts";
import { ErrorPage } from "./ErrorPage.tsx";
import type { State } from "../../http/define.ts";
import { methodNotAllowed, methodOf } from "../../http/methods.ts";
import { isPagePath } from "./page_paths.ts";
import {
  ERROR_STATUS,
  errorHeaders,
  errorResponse,
  internalErrorResponse,
} from "../../http/error_response.ts";

/** Converts errors of handlers to responses: a page for pages, JSON otherwise. */
export async function answerErrors(ctx: Context<State>): Promise<Response> {
  try {
    return await ctx.next();
  } catch (error) {
    const { log } = ctx.state.services;
    const expected = toAppError(error, ctx);
    if (expected === undefined) {
      const stack = error instanceof Error ? error.stack : String(error);
      log.error(`${methodOf(ctx.req)} ${ctx.url.pathname} failed: ${stack}`, {
        id: ctx.state.requestId,
      });
    }
    if (!wantsPage(ctx)) {
      return expected ? errorResponse(expected) : internalErrorResponse(ctx.state.requestId);
    }
    const status = expected ? ERROR_STATUS[expected.code] : 500;
    const headers = expected
      ? errorHeaders(expected)
      : new Headers({ "cache-control": "no-store" });
    // A temporary failure: the page reloads automatically.
    const retryAfter = headers.get("retry-after");
    if (status === 503 && retryAfter !== null) headers.set("refresh", retryAfter);
    ctx.state.givesReason = expected?.code === "exchange_unavailable";
    return await ctx.render(
      <ErrorPage
        status={status}
        error={expected}
        path={ctx.url.pathname + ctx.url.search}
        requestId={ctx.state.requestId}
        site={{ ...ctx.state.services.settings, symbols: ctx.state.services.symbols.current() }}
      />,
      { status, headers },
    );
  }
}

function toAppError(error: unknown, ctx: Context<State>): AppError | undefined {
  if (error instanceof AppError) return error;
  if (!(error instanceof HttpError)) return undefined;
  if (error.status === 404) {
    return new AppError("not_found", `Cannot find ${ctx.url.pathname}: there is no such page`);
  }
  if (error.status === 405) return methodNotAllowed(ctx.req);
  return error.status < 500 ? new AppError("invalid_input", error.message) : undefined;
}

/** An unknown path gets a page in browsers and JSON otherwise. */
function wantsPage({ url, req, state }: Context<State>): boolean {
  const { basePath } = state.services.settings;
  const path = url.pathname.slice(basePath.length) || "/";
  if (isPagePath(url.pathname, state.services.settings)) return true;
  const isData = path === "/export" || path.startsWith("/api/") || isProbe(path);
  return !isData && (req.headers.get("accept") ?? "").includes("text/html");
}

function isProbe(path: string): boolean {
  return ["/healthz", "/readyz", "/metrics"].includes(path);
}
