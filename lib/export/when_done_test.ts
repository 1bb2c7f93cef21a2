import assert from "node:assert/strict";
import { whenDone } from "./when_done.ts";

const CHUNK = new Uint8Array(10);

function sourceOf(chunks: number, end: "close" | Error) {
  let left = chunks;
  const counts = { cancelled: 0, done: 0 };
  const source = new ReadableStream<Uint8Array>({
    pull(out) {
      if (left-- > 0) out.enqueue(CHUNK);
      else if (end === "close") out.close();
      else out.error(end);
    },
    cancel: () => void counts.cancelled++,
  });
  const done = () => {
    counts.done++;
    return Promise.resolve();
  };
  return { source, done, counts };
}

Deno.test("whenDone() runs once before the reader is notified of the end or the failure", async () => {
  const { source, done, counts } = sourceOf(3, "close");
  const bytes = await new Response(whenDone(source, done)).bytes();
  assert.equal(bytes.length, 30);
  assert.deepEqual(counts, { cancelled: 0, done: 1 });

  const failing = sourceOf(3, new Error("gone"));
  await assert.rejects(new Response(whenDone(failing.source, failing.done)).bytes(), /gone/);
  assert.equal(failing.counts.done, 1);
});

Deno.test("whenDone() cancels its source when the reader cancels, and when it stops reading", async () => {
  const left = sourceOf(1e9, "close");
  const reader = whenDone(left.source, left.done).getReader();
  await reader.read();
  await reader.cancel();
  assert.deepEqual(left.counts, { cancelled: 1, done: 1 });

  const idle = sourceOf(1e9, "close");
  const stalled = Promise.withResolvers<void>();
  const sleeper = whenDone(idle.source, () => {
    stalled.resolve();
    return idle.done();
  }, { stalledMs: 5 }).getReader();
  await sleeper.read();
  await stalled.promise;
  await assert.rejects(sleeper.read(), /nothing was read for 5 ms/);
  assert.deepEqual(idle.counts, { cancelled: 1, done: 1 });
});

Deno.test("whenDone() does not cut off a slow source that its reader waits for", async () => {
  const slow = new ReadableStream<Uint8Array>({
    async pull(out) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      out.enqueue(CHUNK);
      out.close();
    },
  });
  const bytes = await new Response(
    whenDone(slow, () => Promise.resolve(), { stalledMs: 5 }),
  ).bytes();
  assert.equal(bytes.length, 10);
});
