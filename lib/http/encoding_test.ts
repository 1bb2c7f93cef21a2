import assert from "node:assert/strict";
import { acceptsGzip, chooseCoding } from "./encoding.ts";

const asking = (accept: string | undefined) =>
  new Request("http://wick.test/", {
    headers: accept === undefined ? {} : { "accept-encoding": accept },
  });

/** `Accept-Encoding` values, and whether gzip is acceptable; RFC 9110, 12.5.3. */
const CASES: readonly [accept: string | undefined, isGzip: boolean, coding: string][] = [
  [undefined, false, "identity"],
  ["", false, "identity"],
  ["identity", false, "identity"],
  ["gzip", true, "gzip"],
  ["GZIP", true, "gzip"],
  ["x-gzip", true, "gzip"],
  ["gzip, deflate, br, zstd", true, "br"],
  ["deflate, gzip;q=1.0, *;q=0.5", true, "gzip"],
  ["br", false, "br"],
  ["br;q=0.2, gzip;q=0.8", true, "gzip"],
  ["gzip;q=0", false, "identity"],
  ["gzip; q=0.0", false, "identity"],
  ["*", true, "br"],
  ["*;q=0", false, "identity"],
  ["gzip;q=0, *", false, "br"],
  ["identity, gzip;q=0.5", false, "identity"],
  ["gzip;q=nonsense", false, "identity"],
];

Deno.test("acceptsGzip() is true where gzip is acceptable and identity is not preferred", () => {
  for (const [accept, isGzip] of CASES) {
    assert.equal(acceptsGzip(asking(accept)), isGzip, accept ?? "no header");
  }
});

Deno.test("chooseCoding() takes the preferred coding, and the smaller of two equal ones", () => {
  for (const [accept, , coding] of CASES) {
    assert.equal(chooseCoding(asking(accept)), coding, accept ?? "no header");
  }
});
