import assert from "node:assert/strict";
import { toSparkline } from "./Sparkline.tsx";

Deno.test("toSparkline() spans its box, and is empty for a single value", () => {
  assert.deepEqual(toSparkline([1, 3, 2]), { path: "M0 22l50-20 50 10", baseline: 22 });
  assert.deepEqual(toSparkline([4, 4])?.path, "M0 22l100 0");
  assert.equal(toSparkline([4]), undefined);
});
