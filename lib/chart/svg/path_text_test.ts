import assert from "node:assert/strict";
import { pair } from "./path_text.ts";

Deno.test("pair() writes two numbers in the shortest form that path parsers can separate", () => {
  const cases: [number, number, string][] = [
    [1, 12, "1 12"],
    [1, -12, "1-12"],
    [0.42, 300, ".42 300"],
    [-0.5, -0.25, "-.5-.25"],
    [10, 0, "10 0"],
  ];
  for (const [x, y, text] of cases) {
    assert.equal(pair(x, y), text);
    assert.deepEqual(text.match(/-?(?:\d+\.?\d*|\.\d+)/g)!.map(Number), [x, y]);
  }
});
