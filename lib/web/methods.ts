import type { Context, PageResponse } from "fresh";
import { AppError } from "../core/errors.ts";
import type { State } from "./define.ts";

type Answer<Data> = Response | PageResponse<Data>;
type Handler<Data> = (ctx: Context<State>) => Answer<Data> | Promise<Answer<Data>>;

/**
 * One handler for all methods: those in `table`, HEAD by way of GET, and 405 with `Allow` for the
 * rest. (A table handed to Fresh itself answers other methods with a bare 404 or 405.)
 */
export function byMethod<Data = never>(table: {
  readonly GET: Handler<Data>;
  readonly HEAD?: Handler<Data>;
}): Handler<Data> {
  return (ctx) => {
    const { method } = ctx.req;
    if (method === "GET") return table.GET(ctx);
    if (method === "HEAD") return (table.HEAD ?? table.GET)(ctx);
    throw new AppError("method_not_allowed", `Cannot ${method} here: only GET and HEAD`, {
      allow: ["GET", "HEAD"],
    });
  };
}
