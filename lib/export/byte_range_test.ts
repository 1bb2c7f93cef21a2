import assert from "node:assert/strict";
import { fitRange, wantedRange } from "./byte_range.ts";

const asking = (range: string, more: Record<string, string> = {}) =>
  wantedRange(new Request("http://wick.test", { headers: { range, ...more } }), '"tag"');

Deno.test("wantedRange() and fitRange() follow RFC 9110 for a single range", () => {
  const cases: [string, [number, number] | "whole" | "outside"][] = [
    ["bytes=0-9", [0, 9]],
    ["bytes=90-", [90, 99]],
    ["bytes=90-1000", [90, 99]],
    ["bytes=-10", [90, 99]],
    ["bytes=-1000", [0, 99]],
    ["Bytes=99-99", [99, 99]],
    ["bytes=100-", "outside"],
    ["bytes=-0", "outside"],
    ["bytes=9-0", "whole"],
    ["bytes=0-1,5-6", "whole"],
    ["bytes=-", "whole"],
    ["bytes=a-b", "whole"],
    ["rows=0-9", "whole"],
  ];
  for (const [range, expected] of cases) {
    const wanted = asking(range);
    const fitted = wanted && fitRange(wanted, 100);
    const found = wanted === undefined
      ? "whole"
      : fitted === undefined
      ? "outside"
      : [fitted.first, fitted.last];
    assert.deepEqual(found, expected, range);
  }
});

Deno.test("wantedRange() ignores Range when If-Range names another version", () => {
  assert.ok(asking("bytes=0-9", { "if-range": '"tag"' }));
  for (const other of ['"other"', 'W/"tag"', "Wed, 21 Oct 2015 07:28:00 GMT"]) {
    assert.equal(asking("bytes=0-9", { "if-range": other }), undefined, other);
  }
});
