import assert from "node:assert/strict";
import { answerOf, bodyOf, get, quietly } from "../../testing/request.ts";
import { siteHandler } from "../../testing/site.ts";
import { BUILD_ID } from "../build_id.ts";
import { Builder } from "./builder.ts";

const ENTRY = `/_fresh/js/${BUILD_ID}/fresh-islands.js`;
const handler = await siteHandler();

Deno.test("Builder.build() gives an app the routes of its folder, in its wrapper", async () => {
  const page = await get(handler, "/blog/post");
  assert.deepEqual([page.status, page.headers.get("x-slug")], [203, "yes"]);
  assert.equal(page.headers.get("x-trail"), "main post");
  assert.match(await page.text(), /<\/nav><h1>first<\/h1>/);
  assert.match(await bodyOf(handler, "/plain"), /<p>plain<\/p>/);
  for (const path of ["/index_test", `/_fresh/js/${BUILD_ID}/Counter_test.js`]) {
    assert.deepEqual(await answerOf(handler, path), [404, "Not Found"], path);
  }
  await quietly(async () => {
    assert.deepEqual(await answerOf(handler, "/api/boom"), [500, "Internal server error"]);
  });
});

Deno.test("Builder.build() makes islands of every export in islands/", async () => {
  const names = /boot\(\{ ([^}]*) \}/;
  assert.equal(
    names.exec(await bodyOf(handler, "/"))![1],
    "Counter: m0.default, Frame: m1.Frame, Outer: m1.Outer",
  );
});

Deno.test("Builder.build() bundles islands to a module that may be cached forever", async () => {
  const html = await bodyOf(handler, "/");
  const files = [...html.matchAll(/from "([^"]+)"/g)].map(([, file]) => file!);
  assert.deepEqual(files, [ENTRY]);
  for (const file of files) {
    const response = await get(handler, file);
    assert.equal(response.status, 200, file);
    assert.equal(response.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.equal(response.headers.get("content-type"), "text/javascript; charset=UTF-8");
    await response.body?.cancel();
  }
});

Deno.test("Builder.build() serves static files, but none that are hidden or outside", async () => {
  assert.equal((await get(handler, "/styles.css")).status, 200);
  assert.deepEqual(await answerOf(handler, "/.well-known/known.txt"), [200, "known\n"]);
  const refused = [
    "/.hidden/secret.txt",
    "/..%2fmain.ts",
    "/%2e%2e%2fmain.ts",
    "/x/..%2f..%2fmain.ts",
    "/styles.css%00",
    "/.well-known",
    "/%2fetc%2fpasswd",
    "/..%5cmain.ts",
  ];
  for (const path of refused) assert.equal((await get(handler, path)).status, 404, path);
});

Deno.test("Builder resolves its folders against the root", () => {
  const { config } = new Builder({ root: "/app", outDir: "out", staticDir: "file:///public" });
  assert.equal(config.outDir, "/app/out");
  assert.equal(config.staticDir, "/public");
  assert.equal(config.islandDir, "/app/islands");
  assert.equal(config.mode, "production");
});
