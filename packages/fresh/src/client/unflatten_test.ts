import assert from "node:assert/strict";
import { parse, stringify } from "devalue";
import fc from "fast-check";
import { unflatten } from "./unflatten.ts";

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
});

Deno.test("unflatten() reads whatever devalue writes, as its own parse() does", () => {
  fc.assert(
    fc.property(anything.filter(canBeWritten), (value) => {
      const text = stringify(value);
      assert.deepEqual(unflatten(text, {}), parse(text));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("unflatten() reads addresses, patterns, views, long gaps and circles", () => {
  const bytes = new Uint8Array([0, 1, 254, 255]);
  const loop: Record<string, unknown> = { set: new Set(), map: new Map() };
  (loop.set as Set<unknown>).add(loop);
  (loop.map as Map<unknown, unknown>).set(loop, loop);
  const long: unknown[] = [];
  long[1_000_000] = "far";
  const value = {
    url: new URL("https://deno.com/a?b#c"),
    query: new URLSearchParams("a=1&a=2"),
    pattern: /a+"/gi,
    bytes,
    part: bytes.subarray(1, 3),
    view: new DataView(bytes.buffer, 2, 1),
    long,
    loop,
    nothing: undefined,
  };
  const read = unflatten(stringify(value), {});
  assert.deepEqual(read, value);
  assert.equal(read.part.buffer, read.bytes.buffer);
  assert.ok((read.loop.set as Set<unknown>).has(read.loop));
});

Deno.test("unflatten() hands what a name stands for to its reviver, once", () => {
  class Point {
    constructor(readonly x: number) {}
  }
  const point = new Point(1);
  const text = stringify([point, point], { Point: (it: unknown) => it instanceof Point && [it.x] });
  const [a, b] = unflatten(text, { Point: ([x]: [number]) => new Point(x) });
  assert.deepEqual(a, point);
  assert.equal(a, b);
});

/** Some keys are refused: they would be the prototype. */
function canBeWritten(value: unknown): boolean {
  try {
    stringify(value);
    return true;
  } catch {
    return false;
  }
}
