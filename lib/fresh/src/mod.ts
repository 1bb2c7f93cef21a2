export { App } from "./app.ts";
export type { ListenOptions } from "./listen.ts";
export { trailingSlashes } from "./middlewares/trailing_slashes.ts";
export {
  type HandlerByMethod,
  type HandlerFn,
  page,
  type PageResponse,
  type RouteData,
  type RouteHandler,
} from "./handlers.ts";
export type { LayoutConfig, Lazy, MaybeLazy, PageProps, RouteConfig } from "./route.ts";
export type { Middleware, MiddlewareFn } from "./middleware.ts";
export { staticFiles } from "./middlewares/static_files.ts";
export { csrf, type CsrfOptions } from "./middlewares/csrf.ts";
export { cors, type CORSOptions } from "./middlewares/cors.ts";
export { csp, type CSPOptions } from "./middlewares/csp.ts";
export type { FreshConfig, ResolvedFreshConfig } from "./config.ts";
export type { Context, FreshContext } from "./context.ts";
export type { Island } from "./build/build_cache.ts";
export { createDefine, type Define } from "./define.ts";
export type { Method } from "./routing/router.ts";
export { HttpError } from "./error.ts";
