import assert from "node:assert/strict";
import { Random } from "./random.ts";
import { fill, shares } from "./shares.ts";

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

Deno.test("shares() adds up exactly and gives nothing to a weight of 0", () => {
  const random = new Random(1);
  for (let round = 0; round < 500; round++) {
    const total = Math.floor(random.next() * 1e15);
    const weights = Array.from({ length: 1 + random.below(60) }, () => random.next());
    weights[random.below(weights.length)] = 0;
    const parts = shares(total, weights);
    if (sum(weights) > 0) assert.equal(sum(parts), total);
    assert.ok(parts.every((part, i) => part >= 0 && (weights[i] !== 0 || part === 0)));
  }
});

Deno.test("fill() adds up exactly and overfills no room, up to the last place", () => {
  const random = new Random(2);
  for (let round = 0; round < 500; round++) {
    const rooms = Array.from(
      { length: 1 + random.below(60) },
      () => Math.floor(random.next() ** 4 * 1e13),
    );
    for (const share of [0, 0.3, 1]) {
      const total = Math.floor(sum(rooms) * share);
      const parts = fill(total, rooms);
      assert.equal(sum(parts), total);
      assert.ok(parts.every((part, i) => part >= 0 && part <= rooms[i]!));
    }
  }
});
