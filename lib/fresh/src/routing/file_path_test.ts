import assert from "node:assert/strict";
import { compareRouteFiles } from "./file_order.ts";
import { filePathToPattern, filePathToSegments } from "./file_path.ts";

Deno.test("filePathToPattern() turns file names into URL patterns", () => {
  const patterns = {
    "index": "/",
    "foo/bar": "/foo/bar",
    "foo/index": "/foo",
    "foo/[name]/bar/[bob]": "/foo/:name/bar/:bob",
    "foo/[...name]": "/foo/:name*",
    "foo/[mod]@[version]": "/foo/:mod@:version",
    "foo/[bar].json": "/foo/:bar.json",
    "foo/[[name]]": "/foo{/:name}?",
    "foo/[[name]]/bar": "/foo{/:name}?/bar",
    "(group)/index": "/",
    "foo/(group)/bar": "/foo/bar",
  };
  for (const [path, pattern] of Object.entries(patterns)) {
    assert.equal(filePathToPattern(path), pattern, path);
  }
});

Deno.test("filePathToPattern() refuses what no URL can tell apart", () => {
  for (const path of ["[a][b]", "a]", "[a]]", "a-[[b]]", "[[a]]-b", "foo/[[a]]-b/c"]) {
    assert.throws(() => filePathToPattern(path), SyntaxError, path);
  }
});

Deno.test("filePathToSegments() keeps groups, which have middlewares of their own", () => {
  assert.deepEqual(filePathToSegments("(group)/[id]/page"), ["(group)", ":id"]);
  assert.deepEqual(filePathToSegments("_app"), []);
});

Deno.test("compareRouteFiles() puts special files first and the least exact route last", () => {
  const sorted = [
    "_app",
    "_middleware",
    "_error",
    "(authed)/_middleware",
    "foo/_layout",
    "index",
    "foo/index",
    "(app)/foo/baz",
    "foo/bar",
    "foo/x[id]",
    "foo/[id]",
    "foo/[id]/edit",
    "foo/[[id]]",
    "foo/[...path]",
    "(authed)/[org]/index",
    "[...all]",
  ];
  assert.deepEqual(sorted.toReversed().sort(compareRouteFiles), sorted);
});
