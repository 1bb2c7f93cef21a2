import { define } from "../lib/web/define.ts";
import { byMethod } from "../lib/web/methods.ts";

/** GET /healthz → 200 while the process lives. */
export const handler = define.handlers(byMethod({
  GET: () => Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } }),
}));
