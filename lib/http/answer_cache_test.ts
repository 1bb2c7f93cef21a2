import assert from "node:assert/strict";
import { createAnswerCache } from "./answer_cache.ts";

const answer = (etag: string) => ({ etag, body: "" });

Deno.test("get() makes one response for concurrent requests", async () => {
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

Deno.test("get() caches no failure", async () => {
  const cache = createAnswerCache();
  await assert.rejects(() => cache.get("a", () => Promise.reject(new Error("no"))), /no/);
  assert.equal((await cache.get("a", () => Promise.resolve(answer("x")))).etag, "x");
});

Deno.test("get() gives a stale answer while a new one is made, where that is requested", async () => {
  let time = 0;
  const cache = createAnswerCache(() => time);
  const gates = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  let made = 0;
  const make = async () => {
    const number = made++;
    await gates[number]!.promise;
    return answer(`${number}`);
  };
  const ask = async (staleMs = 0) => (await cache.get("a", make, { staleMs })).etag;
  gates[0]!.resolve();
  assert.equal(await ask(1_000), "0");
  time = 300;
  assert.deepEqual([await ask(1_000), await ask(1_000)], ["0", "0"]);
  assert.equal(made, 2, "one is on its way");
  gates[1]!.resolve();
  while (await ask(1_000) === "0") await Promise.resolve();
  assert.equal(await ask(), "1");
  time = 600;
  gates[2]!.resolve();
  assert.equal(await ask(), "2", "who does not ask for it waits");
});

Deno.test("get() passes the old answer to the function that makes the new one", async () => {
  let time = 0;
  const cache = createAnswerCache(() => time);
  const seen: (string | undefined)[] = [];
  const ask = (etag: string) =>
    cache.get("a", (old) => {
      seen.push(old?.etag);
      return Promise.resolve(old?.etag === etag ? old : answer(etag));
    });
  const first = await ask("1");
  time = 300;
  assert.equal(await ask("1"), first, "it still holds");
  time = 600;
  assert.equal((await ask("2")).etag, "2");
  assert.deepEqual(seen, [undefined, "1", "1"]);
});

Deno.test("the total size of cached responses is limited", async () => {
  const cache = createAnswerCache(() => 0);
  let made = 0;
  const ask = (name: number) =>
    cache.get(String(name), () => Promise.resolve({ etag: String(++made), body: "x".repeat(9e6) }));
  for (let i = 0; i < 10; i++) await ask(i);
  assert.equal((await ask(9)).etag, "10", "the newest are kept");
  assert.equal((await ask(0)).etag, "11", "the oldest had to go");
});

Deno.test("get() keeps slow responses fresh for longer, if configured", async () => {
  let time = 0;
  const cache = createAnswerCache(() => time);
  let made = 0;
  const ask = async () =>
    (await cache.get("a", () => Promise.resolve(answer(String(++made))), { freshMs: 750 })).etag;
  const seen: string[] = [];
  for (time of [0, 300, 700, 800]) seen.push(await ask());
  assert.deepEqual(seen, ["1", "1", "1", "2"]);
});
