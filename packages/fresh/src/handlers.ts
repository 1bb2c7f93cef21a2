import type { Context } from "./context.ts";

/** Returns a response, or passes the request on with `ctx.next()`. */
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** Returned by a handler to render the route's component. */
export interface PageResponse<T> {
  data: T;
  headers?: HeadersInit | undefined;
  status?: number | undefined;
}

/** Passes `data` to the route's component, status and headers to the response. */
export function page<T>(
  data: T,
  options?: { headers?: HeadersInit; status?: number },
): PageResponse<T> {
  return { data, headers: options?.headers, status: options?.status };
}

/** Answers a request with a response, or with data for the component. */
export interface HandlerFn<Data, State> {
  (ctx: Context<State>): Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;
}
