import assert from "node:assert/strict";
import { readAhead } from "./read_ahead.ts";

/** Lets everything else that is due run. */
const turn = () => new Promise((resolve) => setTimeout(resolve));

async function* count(to: number, log: string[] = []) {
  try {
    for (let i = 1; i <= to; i++) {
      await turn();
      log.push(`read ${i}`);
      yield i;
    }
  } finally {
    log.push("closed");
  }
}

Deno.test("readAhead() yields everything once and in order, at most `max` items at a time", async () => {
  const batches: number[][] = [];
  const log: string[] = [];
  for await (const batch of readAhead(count(20, log), 4)) {
    batches.push(batch);
    const wanted = Math.min(20, batches.flat().length + 2);
    while (log.length < wanted) await turn(); // busy until two more are read
  }
  assert.deepEqual(batches.flat(), Array.from({ length: 20 }, (_, i) => i + 1));
  assert.ok(batches.every((batch) => batch.length <= 4));
  assert.ok(batches.some((batch) => batch.length > 1), "it read while the consumer was busy");
});

Deno.test("readAhead() throws a failure after the items that preceded it", async () => {
  async function* failing() {
    yield* count(3);
    throw new Error("gone");
  }
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const batch of readAhead(failing(), 2)) {
      seen.push(...batch);
      await turn();
      await turn();
    }
  }, /gone/);
  assert.deepEqual(seen, [1, 2, 3]);
});

Deno.test("readAhead() closes its source when the consumer stops", async () => {
  const log: string[] = [];
  for await (const batch of readAhead(count(1_000, log), 3)) {
    if (batch.length > 0) break;
  }
  assert.equal(log.at(-1), "closed");
  assert.ok(log.length < 10);
});
