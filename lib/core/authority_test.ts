import assert from "node:assert/strict";
import { isAuthority } from "./authority.ts";

Deno.test("isAuthority() accepts names and addresses with an optional port, and nothing else", () => {
  for (const good of ["wick", "wick.example:8443", "10.0.0.1:80", "[::1]:8000", "a_b", "a:"]) {
    assert.ok(isAuthority(good), good);
  }
  const bad = [
    "",
    "a|b",
    "%",
    "a:99999",
    "a:x",
    "a/b",
    "a?b",
    "a#b",
    "a\\b",
    "u:p@a",
    "a b",
    "[::1",
  ];
  for (const text of [...bad, "999.1.1.1", "ä", "<a>", "a".repeat(300), "a, b"]) {
    assert.ok(!isAuthority(text), text);
  }
});
