import assert from "node:assert/strict";
import { BUILD_ID } from "../build_id.ts";
import { asset, assetSrcSet, IS_BROWSER } from "./mod.ts";

const lock = `__frsh_c=${BUILD_ID}`;

Deno.test("asset() adds the build's id to paths of this host", () => {
  assert.equal(asset("/a.css"), `/a.css?${lock}`);
  assert.equal(asset("/a.css?x=1#y"), `/a.css?x=1&${lock}#y`);
  assert.equal(asset(`/a.css?${lock}`), `/a.css?${lock}`);
});

Deno.test("asset() leaves every other URL as it is", () => {
  for (const url of ["a.css", "//cdn.x/a.css", "https://cdn.x/a.css", "data:x", ""]) {
    assert.equal(asset(url), url);
  }
});

Deno.test("assetSrcSet() locks each candidate, or none where it is malformed", () => {
  assert.equal(assetSrcSet("/a.png 1x, /b.png 2x"), `/a.png?${lock} 1x, /b.png?${lock} 2x`);
  for (const srcset of ["/a.png,, /b.png", "image-set(/a.png)"]) {
    assert.equal(assetSrcSet(srcset), srcset);
  }
});

Deno.test("IS_BROWSER is false on the server", () => assert.equal(IS_BROWSER, false));
