import assert from "node:assert/strict";
import { get } from "../../testing/request.ts";
import { App } from "../app.ts";
import type { Middleware } from "../middleware.ts";
import { cors } from "./cors.ts";
import { csrf } from "./csrf.ts";
import { trailingSlashes } from "./trailing_slashes.ts";

function send(middleware: Middleware<unknown>, init: RequestInit, path = "/"): Promise<Response> {
  const app = new App().use(middleware)
    .all("*", () => new Response("ok", { headers: { vary: "Accept" } }));
  return get(app.handler(), path, init);
}

Deno.test("csrf() lets safe methods and requests of this origin pass", async () => {
  const passing: RequestInit[] = [
    { method: "GET", headers: { origin: "https://evil.com" } },
    { method: "POST" },
    { method: "POST", headers: { origin: "http://localhost" } },
    { method: "POST", headers: { "sec-fetch-site": "same-origin" } },
    { method: "POST", headers: { "sec-fetch-site": "none" } },
  ];
  for (const init of passing) assert.equal((await send(csrf(), init)).status, 200);
});

Deno.test("csrf() refuses unsafe requests of another origin, unless it is allowed", async () => {
  const headers = { origin: "https://other.com", "sec-fetch-site": "cross-site" };
  const init = { method: "DELETE", headers };
  assert.equal((await send(csrf(), init)).status, 403);
  for (const origin of ["https://other.com", ["https://other.com"], () => true]) {
    assert.equal((await send(csrf({ origin }), init)).status, 200);
  }
});

Deno.test("cors() allows every origin by default", async () => {
  const { headers } = await send(cors(), { headers: { origin: "https://a.com" } });
  assert.equal(headers.get("access-control-allow-origin"), "*");
  assert.equal(headers.get("vary"), "Accept");
});

Deno.test("cors() echoes an origin of its list, and answers differ by origin then", async () => {
  const middleware = cors({ origin: ["https://a.com"], credentials: true, exposeHeaders: ["x-a"] });
  const { headers } = await send(middleware, { headers: { origin: "https://a.com" } });
  assert.equal(headers.get("access-control-allow-origin"), "https://a.com");
  assert.equal(headers.get("access-control-allow-credentials"), "true");
  assert.equal(headers.get("access-control-expose-headers"), "x-a");
  assert.equal(headers.get("vary"), "Origin, Accept");
  const other = await send(middleware, { headers: { origin: "https://b.com" } });
  assert.equal(other.headers.get("access-control-allow-origin"), null);
});

Deno.test("cors() answers a preflight by itself", async () => {
  const response = await send(cors({ origin: (origin) => origin, maxAge: 60 }), {
    method: "OPTIONS",
    headers: { origin: "https://a.com", "access-control-request-headers": "x-a, x-b" },
  });
  assert.equal(response.status, 204);
  assert.deepEqual(Object.fromEntries(response.headers), {
    "access-control-allow-headers": "x-a,x-b",
    "access-control-allow-methods": "GET,HEAD,PUT,POST,DELETE,PATCH",
    "access-control-allow-origin": "https://a.com",
    "access-control-max-age": "60",
    "vary": "Access-Control-Request-Headers, Origin",
  });
});

Deno.test("trailingSlashes() redirects to the form it wants", async () => {
  const location = async (mode: "always" | "never", path: string) =>
    (await send(trailingSlashes(mode), {}, path)).headers.get("location");
  assert.equal(await location("always", "/a?x=1"), "/a/?x=1");
  assert.equal(await location("never", "/a/?x=1"), "/a?x=1");
  for (const path of ["/", "/a/"]) assert.equal(await location("always", path), null);
  for (const path of ["/", "/a"]) assert.equal(await location("never", path), null);
});
