export { App } from "./app.ts";
export { type Middleware, page, type PageResponse } from "./handlers.ts";
export type { PageProps } from "./route.ts";
export { staticFiles } from "./middlewares/static_files.ts";
export { csp, type CSPOptions } from "./middlewares/csp.ts";
export type { FreshConfig, ResolvedFreshConfig } from "./config.ts";
export type { Context } from "./context.ts";
export { createDefine, type Define } from "./define.ts";
export { HttpError } from "./error.ts";
