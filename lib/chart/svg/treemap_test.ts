import assert from "node:assert/strict";
import { fittingWidth, toTreemap } from "./treemap.ts";

Deno.test("toTreemap() gives each value its share of the area, nearly square, without overlaps", () => {
  const values = [60, 25, 8, 4, 2, 1];
  const aspect = 2;
  const cells = toTreemap(values, aspect);
  for (const [i, { width, height }] of cells.entries()) {
    assert.ok(Math.abs(width * height - values[i]! / 100) < 1e-9, `cell ${i}`);
    const ratio = width * aspect / height;
    assert.ok(ratio < 8 && ratio > 1 / 8, `cell ${i} is ${ratio} times as wide as high`);
  }
  for (const [i, a] of cells.entries()) {
    for (const b of cells.slice(i + 1)) {
      const isApart = a.x + a.width <= b.x + 1e-9 || b.x + b.width <= a.x + 1e-9 ||
        a.y + a.height <= b.y + 1e-9 || b.y + b.height <= a.y + 1e-9;
      assert.ok(isApart, JSON.stringify([a, b]));
    }
  }
});

Deno.test("toTreemap() of nothing, of one value and of values that are not positive", () => {
  assert.deepEqual(toTreemap([], 2), []);
  assert.deepEqual(toTreemap([5], 2), [{ x: 0, y: 0, width: 1, height: 1 }]);
  const areas = toTreemap([3, 0, -1, NaN], 1).map(({ width, height }) => width * height);
  assert.deepEqual(areas, [1, 0, 0, 0]);
});

Deno.test("fittingWidth() is the first width at which the text fits both ways", () => {
  const cell = { x: 0, y: 0, width: 0.1, height: 0.2 };
  const fit = (width: number, height: number) =>
    fittingWidth(cell, { width, height }, { aspect: 2, widths: [300, 600, 900] });
  assert.equal(fit(30, 30), 300);
  assert.equal(fit(31, 30), 600);
  assert.equal(fit(30, 61), 900);
  assert.equal(fit(91, 10), undefined);
});
