import assert from "node:assert/strict";
import { toDonutLabels } from "./donut_labels.ts";

Deno.test("toDonutLabels() labels large slices inside, small ones outside, and tiny ones not at all", () => {
  const labels = toDonutLabels([0.75, 0.12, 0.06, 0.04, 0.02, 0.01]);
  assert.deepEqual(labels.map(({ index, isInside }) => [index, isInside]), [
    [0, true],
    [1, true],
    [2, false],
    [3, false],
  ]);
  const [large] = labels;
  assert.ok(large!.x > 0 && large!.y > 0, "the middle of the first three quarters is bottom right");
});

Deno.test("toDonutLabels() keeps labels on one side a line apart", () => {
  const labels = toDonutLabels([0.76, 0.035, 0.035, 0.035, 0.035, 0.05, 0.05])
    .filter(({ anchor }) => anchor === "end").sort((a, b) => a.y - b.y);
  assert.ok(labels.length > 3);
  for (let i = 1; i < labels.length; i++) assert.ok(labels[i]!.y - labels[i - 1]!.y >= 12);
});
