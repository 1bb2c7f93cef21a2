import assert from "node:assert/strict";
import { createGate, type GateOptions, type Refusal } from "./gate.ts";

function scene(change: Partial<GateOptions> = {}) {
  const refused: Refusal[] = [];
  const gate = createGate({
    verb: "export",
    things: "exports",
    places: 2,
    placesPerClient: 1,
    perClient: 2,
    waitMs: 60_000,
    retryAfterMs: 5_000,
    onRefused: (reason) => refused.push(reason),
    ...change,
  });
  return { gate, refused };
}

/** True if a promise has settled after all pending microtasks and timers. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol();
  const found = await Promise.race([
    promise.catch(() => {}),
    new Promise((resolve) => setTimeout(() => resolve(open), 0)),
  ]);
  return found === open;
}

Deno.test("a client waits for its own place while another client takes the free one", async () => {
  const { gate } = scene();
  const first = await gate.enter("a");
  const second = gate.enter("a");
  assert.equal(await isPending(second), true);
  const other = await gate.enter("b");
  assert.equal(gate.size(), 2);
  assert.equal(first.isWanted(), true); // its end would admit the second one
  assert.equal(other.isWanted(), false); // the end of b would not: a is at its limit
  first.end();
  first.end();
  const turn = await second;
  assert.equal(gate.size(), 2);
  turn.end();
  other.end();
  assert.equal(gate.size(), 0);
});

Deno.test("a client above its limit gets 429 immediately, however many places are free", async () => {
  const { gate, refused } = scene({ places: 10 });
  await gate.enter("a");
  const leaving = new AbortController();
  const waiting = gate.enter("a", leaving.signal);
  await assert.rejects(gate.enter("a"), { code: "too_many", retryAfterMs: 5_000 });
  assert.deepEqual(refused, ["client"]);
  leaving.abort();
  await assert.rejects(waiting, /the client disconnected/);
});

Deno.test("waiting is limited, and the error names the reason", async () => {
  const { gate, refused } = scene({ waitMs: 30 });
  const turns = [await gate.enter("a"), await gate.enter("b")];
  await assert.rejects(gate.enter("c"), { code: "busy" });
  await assert.rejects(gate.enter("a"), { code: "too_many" });
  assert.deepEqual(refused, ["full", "client"]);
  for (const turn of turns) turn.end();
  (await gate.enter("c")).end();
});

Deno.test("a client that disconnects while waiting occupies no place", async () => {
  const { gate } = scene({ places: 1 });
  const first = await gate.enter("a");
  const leaving = new AbortController();
  const gone = gate.enter("b", leaving.signal);
  const stays = gate.enter("c");
  leaving.abort();
  await assert.rejects(gone, /the client disconnected/);
  first.end();
  (await stays).end();
  assert.equal(gate.size(), 0);
});

Deno.test("without waiting time a full gate rejects immediately", async () => {
  const { gate } = scene({ places: 1, waitMs: 0 });
  await gate.enter("a");
  await assert.rejects(gate.enter("b"), { code: "busy" });
});
