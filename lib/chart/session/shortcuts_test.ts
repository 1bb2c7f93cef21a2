import assert from "node:assert/strict";
import { SHORTCUTS } from "./shortcuts.ts";

Deno.test("SHORTCUTS assign each key once", () => {
  const keys = SHORTCUTS.flatMap(({ keys }) => [...keys] as string[]);
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(keys.every((key) => key === key.toLowerCase()));
});
