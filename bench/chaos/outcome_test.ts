import assert from "node:assert/strict";
import type { Round } from "./fault.ts";
import { roundLines } from "./outcome.ts";

const SOUND: Round = {
  fault: "database-cut",
  seed: 646865754,
  readyMs: 110,
  completeMs: 3480,
  lost: 0,
  doubled: 0,
  wrongReadyz: [],
  problems: [],
};

Deno.test("chaos: the line of a successful round starts with the fault and the seed", () => {
  assert.deepEqual(roundLines(SOUND), [
    "database-cut: ready 0.1 s, complete 3.5 s, store equals exchange (seed 646865754)",
  ]);
});

Deno.test("chaos: the line of a failed round says so, with its problems indented below", () => {
  const failed = {
    ...SOUND,
    completeMs: undefined,
    problems: ["not recovered within 120 s"],
    wrongReadyz: ["200 while the database was unreachable"],
  };
  assert.deepEqual(roundLines(failed), [
    "database-cut: FAILED, ready 0.1 s, complete never (seed 646865754)",
    "     not recovered within 120 s",
    "     /readyz: 200 while the database was unreachable",
  ]);
});

Deno.test("chaos: a round that only lost candles counts as failed", () => {
  assert.match(roundLines({ ...SOUND, lost: 1 })[0]!, /^database-cut: FAILED/);
});
