import assert from "node:assert/strict";
import { compilePattern } from "./pattern.ts";

const PATTERNS = [
  "/foo/:id",
  "/:a/:b/c",
  "/foo/:path*",
  "/foo/:path+",
  "/foo/:id?",
  "/foo{/:id}?",
  "/foo{/:name}?/bar",
  "/foo/*",
  "*",
  "/*",
  "/:mod@:version",
  "/:id.json",
  "/foo/foo:bar",
  "/a.b/:x",
  "/books/:id(\\d+)",
  "/C#/:x",
  "/:a-:b",
  "/{foo}?/bar",
  "/a/:x*/b",
];

const PATHS = [
  ...["/", "/foo", "/foo/", "/foo/1", "/foo/1/2", "/foo/1/2/", "/a/b/c", "/foo/bar", "//"],
  ...["/foo/x/bar", "/std@1.2", "/x.json", "/foo/foobar", "/aXb/1", "/a.b/1", "/books/12"],
  ...["/books/x", "/a-b", "/a-b-c", "/a/b", "/a/1/2/b", "/foo//x", "/C%23/1", "/foo/a%20b"],
];

Deno.test("compilePattern() matches what URLPattern matches, with the same parameters", () => {
  for (const pathname of PATTERNS) {
    const match = compilePattern(pathname);
    const expected = new URLPattern({ pathname });
    for (const path of PATHS) {
      const groups = expected.exec({ pathname: path })?.pathname.groups;
      assert.deepEqual({ ...match(path) }, { ...groups }, `${pathname} on ${path}`);
      assert.equal(match(path) === null, groups === undefined, `${pathname} on ${path}`);
    }
  }
});
