import assert from "node:assert/strict";
import { settlesWithin } from "./deadline.ts";

Deno.test("settlesWithin() tells whether work ended in time, whatever its outcome", async () => {
  assert.equal(await settlesWithin(Promise.resolve(), 1_000), true);
  assert.equal(await settlesWithin(Promise.reject(new Error("no")), 1_000), true);
  assert.equal(await settlesWithin(new Promise(() => {}), 10), false);
});
