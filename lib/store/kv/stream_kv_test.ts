import assert from "node:assert/strict";
import type { StreamState } from "../../ports/close_streams.ts";
import { createStreamBoard } from "./stream_kv.ts";

const stateAt = (time: number): StreamState => ({
  stored: 0,
  refetched: 0,
  refused: 0,
  checked: 0,
  differing: 0,
  weight: 0,
  intervals: ["1m"],
  series: 1,
  isComplete: true,
  connections: [],
  since: time,
  updatedAt: time,
});

Deno.test("an instance that lost its lease does not remove the state of the one that took over", async () => {
  const kv = await Deno.openKv(":memory:");
  const [first, second] = [1, 2].map(() => createStreamBoard({ kv }, { now: () => 1_000 }));
  await first!.write(stateAt(900));
  await second!.write(stateAt(1_000));
  await first!.remove();
  assert.equal((await second!.read())?.since, 1_000);
  await second!.remove();
  assert.equal(await second!.read(), undefined);
  kv.close();
});
