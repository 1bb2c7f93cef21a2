import assert from "node:assert/strict";
import { createAnswerCache } from "./answer_cache.ts";

const answer = (etag: string) => ({ etag, bytes: new Uint8Array() });

Deno.test("get() makes an answer once for all who ask at the same time", async () => {
  const cache = createAnswerCache();
  let made = 0;
  const make = async () => {
    await Promise.resolve();
    return answer(`"${++made}"`);
  };
  const all = await Promise.all([1, 2, 3].map(() => cache.get("a", make)));
  assert.deepEqual(all.map((one) => one.etag), ['"1"', '"1"', '"1"']);
  assert.equal((await cache.get("b", make)).etag, '"2"');
});

Deno.test("get() keeps no failure", async () => {
  const cache = createAnswerCache();
  await assert.rejects(() => cache.get("a", () => Promise.reject(new Error("no"))), /no/);
  assert.equal((await cache.get("a", () => Promise.resolve(answer("x")))).etag, "x");
});
