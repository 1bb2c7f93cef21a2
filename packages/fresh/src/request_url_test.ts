import assert from "node:assert/strict";
import { plainPath } from "./request_url.ts";

Deno.test("plainPath() reads paths that need no parsing", () => {
  const paths = ["/", "/a", "/a/", "/a/b.c/d-e_f~g", "/api/v3/klines"];
  for (const path of paths) {
    assert.equal(plainPath(`http://localhost:8000${path}`), path);
    assert.equal(plainPath(`https://localhost${path}?a=/../&b=//`), path);
  }
});

Deno.test("plainPath() leaves all others to the parser", () => {
  for (const path of ["//a", "/a//b", "/../a", "/a/./b", "/a%20b", "/é", "/a#b", "/.well-known"]) {
    assert.equal(plainPath(`http://localhost${path}`), null, path);
  }
});

Deno.test("plainPath() takes no time over a long path that does not match", () => {
  const start = performance.now();
  assert.equal(plainPath(`http://localhost/${"a".repeat(100_000)}%`), null);
  assert.ok(performance.now() - start < 100);
});
