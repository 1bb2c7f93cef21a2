import assert from "node:assert/strict";
import { manualClock } from "../testing/clock.ts";
import { createProviderGate } from "./provider_gate.ts";

Deno.test("enter() lets three requests pass at once, and paces the others", async () => {
  const clock = manualClock(1_000);
  const waits = { read: () => Promise.resolve(undefined), save: () => Promise.resolve() };
  const gate = createProviderGate({ name: "coingecko", gapMs: 12_000, clock, waits });
  const { signal } = new AbortController();
  for (let i = 0; i < 5; i++) await gate.enter(signal);
  assert.deepEqual(clock.sleeps, [12_000, 12_000]);
  clock.set(clock.now() + 60_000);
  for (let i = 0; i < 4; i++) await gate.enter(signal);
  assert.deepEqual(clock.sleeps, [12_000, 12_000, 12_000], "three again after a pause");
});
