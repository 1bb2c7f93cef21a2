import type { AnyComponent } from "preact";
import type { HandlerFn } from "./handlers.ts";
import type { PageProps } from "./route.ts";

/** Identity functions that carry the app's state type into routes. */
export interface Define<State> {
  handlers<Data, Handler extends HandlerFn<Data, State> = HandlerFn<Data, State>>(
    handler: Handler,
  ): typeof handler;

  /** `define.page<typeof handler>` gives the component the handler's data type. */
  page<
    // deno-lint-ignore no-explicit-any
    Handler extends HandlerFn<any, State> = never,
    Data = Handler extends HandlerFn<infer Data, State> ? Data : never,
  >(render: AnyComponent<PageProps<Data, State>>): typeof render;
}

/** Creates the `define` object of an app whose `ctx.state` is a `State`. */
export function createDefine<State>(): Define<State> {
  return { handlers: (handler) => handler, page: (render) => render };
}
