import assert from "node:assert/strict";
import { BUILD_ID } from "../build_id.ts";
import { asset } from "fresh/runtime";

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
