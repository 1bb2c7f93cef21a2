import assert from "node:assert/strict";
import { MINUTE_MS, parseTime } from "../../core/time.ts";
import { type RunRow, toRunWords } from "./run_words.ts";

const NOW = parseTime("2024-06-01T00:10Z");

const run = (change: Partial<RunRow>): RunRow => ({
  runId: 1,
  job: "collect",
  startedAt: NOW - MINUTE_MS,
  finishedAt: undefined,
  outcome: undefined,
  fetched: 0,
  new: 0,
  corrected: 0,
  unchanged: 0,
  requests: 0,
  weight: 0,
  error: undefined,
  note: undefined,
  ...change,
});

Deno.test("toRunWords() treats a run without an end as running for 15 minutes, then as interrupted", () => {
  assert.equal(toRunWords(run({}), NOW).word, "running");
  assert.equal(toRunWords(run({ startedAt: NOW - 15 * MINUTE_MS + 1 }), NOW).word, "running");
  const lost = toRunWords(run({ startedAt: NOW - 15 * MINUTE_MS }), NOW);
  assert.deepEqual([lost.tone, lost.word !== "running"], ["bad", true]);
});

Deno.test("toRunWords() treats a run of an older version, with an end and no outcome, as done", () => {
  const done = toRunWords(run({ outcome: "done", finishedAt: NOW }), NOW);
  assert.deepEqual(toRunWords(run({ finishedAt: NOW }), NOW), done);
  assert.equal(done.tone, "ok");
});

Deno.test("toRunWords() warns of a partial run and marks a failure; a cut, stopped or skipped run is neither", () => {
  const outcomes = ["partial", "failed", "cut", "stopped", "skipped"] as const;
  const tones = outcomes.map((outcome) => toRunWords(run({ outcome, finishedAt: NOW }), NOW).tone);
  assert.deepEqual(tones, ["warn", "bad", "quiet", "quiet", "quiet"]);
});
