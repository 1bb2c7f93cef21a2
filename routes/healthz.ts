import { define } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";

/** GET /healthz → 200 while the process is running. */
export const handler = define.handlers(byMethod({
  GET: () => Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } }),
}));
