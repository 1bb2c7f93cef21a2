import assert from "node:assert/strict";
import { Lru } from "./lru.ts";

Deno.test("Lru keeps what was used last and never weighs more than it may", () => {
  const lru = new Lru<string, string>(10);
  const made: string[] = [];
  const take = (key: string) =>
    lru.take(key, () => {
      made.push(key);
      return key;
    }, (value) => value.length);
  for (const key of ["aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb"]) assert.equal(take(key), key);
  assert.deepEqual(made, ["aaaa", "bbbb", "cccc", "bbbb"]);
  assert.equal(lru.weight, 8);
  take("a value too heavy for it");
  assert.equal(lru.weight, 24);
});
