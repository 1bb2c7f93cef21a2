import assert from "node:assert/strict";
import { toCapStack } from "./cap_stack.ts";

const times = [0, 1, 2, 3, 4];
const _ = undefined;

Deno.test("toCapStack() stacks coins, a new one from its first value on", () => {
  const { areas, totals } = toCapStack(times, [
    { colour: 1, caps: [10, 10, 10, 10, 10] },
    { colour: 2, caps: [_, _, 5, 5, 10] },
  ]);
  assert.deepEqual(totals, [10, 10, 15, 15, 20]);
  assert.match(areas[0]!.path, /^M0 [\d.]+L250 [\d.]+L500 [\d.]+L750 [\d.]+L1000 /);
  assert.match(areas[0]!.path, /L0 240z$/, "it stands on the ground");
  assert.equal(areas[1]!.path.match(/M/g)!.length, 1);
});

Deno.test("toCapStack() omits a column where an earlier coin has no value", () => {
  const { areas, totals } = toCapStack(times, [
    { colour: 1, caps: [10, 10, 10, 10, 10] },
    { colour: 2, caps: [5, 5, _, 5, 5] },
  ]);
  assert.deepEqual(totals, [15, 15, undefined, 15, 15]);
  assert.equal(areas[0]!.path.match(/M/g)!.length, 2, "nothing bridges the gap");
  assert.doesNotMatch(areas[0]!.path, /L500 /);
});

Deno.test("toCapStack() is empty without coins, and for coins without values", () => {
  const { areas, totals } = toCapStack(times, [{ colour: 1, caps: [_, _, _, _, _] }]);
  assert.deepEqual(areas, [{ colour: 1, path: "" }]);
  assert.ok(totals.every((total) => total === undefined));
  assert.deepEqual(toCapStack([], []), { areas: [], totals: [], top: 1.08 });
});
