import assert from "node:assert/strict";
import { waitFor } from "../testing/server_process.ts";
import { type Pace, paced } from "./paced.ts";

const CHUNK = new Uint8Array(1_000);
const PACE: Pace = {
  bytesPerSecond: 100,
  graceMs: 30_000,
  wanted: { bytesPerSecond: 1_000, graceMs: 5_000 },
  totalMs: 3_600_000,
};

/** An endless export with a separate clock. */
function scene() {
  const state = { now: 0, isWanted: false, ended: 0, cancelled: 0, cuts: [] as string[] };
  const source = new ReadableStream<Uint8Array>({
    pull: (out) => out.enqueue(CHUNK),
    cancel: () => void state.cancelled++,
  });
  const bytes = paced(source, {
    turn: { end: () => void state.ended++, isWanted: () => state.isWanted },
    onCut: (reason) => state.cuts.push(reason),
    pace: PACE,
    now: () => state.now,
    checkEveryMs: 1,
  });
  return { state, reader: bytes.getReader() };
}

/** Reads a chunk after each pause. */
async function read(
  { state, reader }: ReturnType<typeof scene>,
  chunks: number,
  pauseMs: number,
): Promise<void> {
  for (let i = 0; i < chunks; i++) {
    await reader.read();
    state.now += pauseMs;
  }
}

Deno.test("a reader at the minimum rate is never cut off", async () => {
  const own = scene();
  await read(own, 200, 9_900);
  assert.deepEqual(own.state.cuts, []);
  await own.reader.cancel();
  assert.deepEqual([own.state.ended, own.state.cancelled], [1, 1]);
});

Deno.test("a slower reader is cut off after its allowance", async () => {
  const own = scene();
  await read(own, 1, 0);
  own.state.now += 31_000;
  await waitFor(() => own.state.cuts.length > 0);
  await assert.rejects(own.reader.read(), /reads less than 100 bytes per second/);
  assert.deepEqual([own.state.cuts, own.state.ended, own.state.cancelled], [["slow"], 1, 1]);
});

Deno.test("while another client waits, the allowance is smaller", async () => {
  const own = scene();
  await read(own, 20, 2_000); // 500 bytes per second
  assert.deepEqual(own.state.cuts, []);
  own.state.isWanted = true;
  await waitFor(() => own.state.cuts.length > 0);
  assert.deepEqual(own.state.cuts, ["slow"]);
  await assert.rejects(own.reader.read(), { code: "busy" });
});

Deno.test("an export ends at its total time limit, however fast its reader", async () => {
  const own = scene();
  await read(own, 4_000, 901);
  await waitFor(() => own.state.cuts.length > 0);
  assert.deepEqual(own.state.cuts, ["late"]);
  await assert.rejects(own.reader.read(), /took longer than 3600 s/);
});

Deno.test("the source's own time does not count", async () => {
  const asked = Promise.withResolvers<void>();
  const state = { now: 0, looks: 0 };
  const answered = Promise.withResolvers<void>();
  const bytes = paced(
    new ReadableStream<Uint8Array>({
      async pull(out) {
        asked.resolve();
        await answered.promise;
        out.enqueue(CHUNK);
        out.close();
      },
    }, { highWaterMark: 0 }),
    {
      turn: { end() {}, isWanted: () => true },
      onCut: () => assert.fail("cut off"),
      pace: PACE,
      now: () => (state.looks++, state.now),
      checkEveryMs: 1,
    },
  );
  const whole = new Response(bytes).bytes();
  await asked.promise;
  state.now += 600_000;
  const { looks } = state;
  await waitFor(() => state.looks > looks + 3);
  answered.resolve();
  assert.equal((await whole).length, CHUNK.length);
});
