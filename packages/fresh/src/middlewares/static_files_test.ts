import assert from "node:assert/strict";
import { serve } from "../../testing/app.ts";
import { answerOf, get } from "../../testing/request.ts";
import { BUILD_ID } from "../build_id.ts";
import { staticFiles } from "fresh";

const NO_CACHE = "no-cache, no-store, max-age=0, must-revalidate";
const IMMUTABLE = "public, max-age=31536000, immutable";

const files = {
  "/a.css": "body {}",
  "/西安.png": "png",
  [`/_fresh/js/${BUILD_ID}/Counter.js`]: "js",
};

function handlerOf(config: { basePath?: string; mode?: "development" } = {}) {
  const routes = { page: { handler: () => new Response("page") } };
  return serve({ ...config, files, routes, middlewares: [staticFiles()] });
}

Deno.test("staticFiles() serves a file with type, length and entity tag, but uncached", async () => {
  const response = await get(handlerOf(), "/a.css");
  const { headers } = response;
  assert.equal(response.status, 200);
  assert.equal(headers.get("content-type"), "text/css; charset=UTF-8");
  assert.equal(headers.get("content-length"), "7");
  assert.equal(headers.get("etag"), 'W/"hash"');
  assert.equal(headers.get("cache-control"), NO_CACHE);
  assert.equal(await response.text(), "body {}");
});

Deno.test("staticFiles() lets what names the build be cached for good", async () => {
  for (const path of [`/a.css?__frsh_c=${BUILD_ID}`, `/_fresh/js/${BUILD_ID}/Counter.js`]) {
    assert.equal((await get(handlerOf(), path)).headers.get("cache-control"), IMMUTABLE);
    const inDevelopment = await get(handlerOf({ mode: "development" }), path);
    assert.equal(inDevelopment.headers.get("cache-control"), NO_CACHE);
  }
});

Deno.test("staticFiles() sends a page of another build to the file of this one", async () => {
  const response = await get(handlerOf(), "/a.css?__frsh_c=old&x=1");
  assert.equal(response.status, 307);
  assert.equal(response.headers.get("location"), "/a.css?x=1");
});

Deno.test("staticFiles() answers 304 to a known entity tag", async () => {
  for (const tag of ['W/"hash"', "hash"]) {
    const response = await get(handlerOf(), "/a.css", { headers: { "if-none-match": tag } });
    assert.deepEqual([response.status, response.body], [304, null], tag);
  }
  const other = await get(handlerOf(), "/a.css", { headers: { "if-none-match": '"other"' } });
  assert.equal(other.status, 200);
});

Deno.test("staticFiles() answers HEAD without a body, and no other method", async () => {
  const head = await get(handlerOf(), "/a.css", { method: "HEAD" });
  assert.deepEqual([head.status, head.headers.get("content-length"), head.body], [200, "7", null]);
  const post = await get(handlerOf(), "/a.css", { method: "POST" });
  assert.equal(post.status, 405);
});

Deno.test("staticFiles() calls the next handler for other paths", async () => {
  assert.deepEqual(await answerOf(handlerOf(), "/page"), [200, "page"]);
  assert.deepEqual(await answerOf(handlerOf(), "/"), [404, "Not Found"]);
  assert.deepEqual(await answerOf(handlerOf(), "/favicon.ico"), [404, ""]);
  assert.deepEqual(await answerOf(handlerOf(), "/%E0%A4%A"), [404, "Not Found"]);
});

Deno.test("staticFiles() decodes names, and takes the base path off", async () => {
  assert.equal((await get(handlerOf(), "/%E8%A5%BF%E5%AE%89.png")).status, 200);
  const handler = handlerOf({ basePath: "/base" });
  assert.equal((await get(handler, "/base/a.css")).status, 200);
  assert.equal((await get(handler, "/a.css")).status, 404);
});
