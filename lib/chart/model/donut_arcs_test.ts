import assert from "node:assert/strict";
import { toDonut } from "./donut_arcs.ts";

Deno.test("toDonut() draws an arc for each positive value, clockwise from the top", () => {
  const [half, none, rest] = toDonut([50, 0, 50]);
  assert.match(half!, /^M0 -100A100 100 0 0 1 0 100L/);
  assert.equal(none, "");
  assert.match(rest!, /^M0 100A/);
});

Deno.test("toDonut() draws a single coin as a complete ring", () => {
  const [whole] = toDonut([7]);
  assert.match(whole!, /^M0 -100A100 100 0 1 1 -0\.1 -100L/);
});
