import assert from "node:assert/strict";
import { toDonut } from "./donut_arcs.ts";
import { toSparkline } from "../../pages/components/Sparkline.tsx";

Deno.test("toDonut() draws an arc for each positive value, clockwise from the top", () => {
  const [half, none, rest] = toDonut([50, 0, 50]);
  assert.match(half!, /^M0\.00 -100\.00A100 100 0 0 1 0\.00 100\.00L/);
  assert.equal(none, "");
  assert.match(rest!, /^M0\.00 100\.00A/);
});

Deno.test("toDonut() draws a single coin as a complete ring", () => {
  const [whole] = toDonut([7]);
  assert.match(whole!, /^M0\.00 -100\.00A100 100 0 1 1 -0\.06 -100\.00L/);
});

Deno.test("toSparkline() spans its box, and is empty for a single value", () => {
  assert.deepEqual(toSparkline([1, 3, 2]), { path: "M0 22L50 2 100 12", baseline: 22 });
  assert.deepEqual(toSparkline([4, 4])?.path, "M0 22L100 22");
  assert.equal(toSparkline([4]), undefined);
});
