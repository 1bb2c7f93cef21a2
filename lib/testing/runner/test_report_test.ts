import assert from "node:assert/strict";
import { addReports, createReportReader, reportLines } from "./test_report.ts";

const OUTPUT = `running 3 tests from ./a_test.ts
one ... ok (1ms)
two ... FAILED (1ms)
three ... ignored (0ms)
running 2 tests from ./b_test.ts
four — skipped: R is not installed; on Debian: apt-get install r-base-core ... ignored (0ms)
five — skipped: R is not installed; on Debian: apt-get install r-base-core ... ignored (0ms)

 FAILURES

two => ./a_test.ts:3:6

FAILED | 1 passed (2 steps) | 1 failed | 3 ignored (3s)
`;

Deno.test("the report counts tests and groups skipped ones by reason, however the output is chunked", () => {
  for (const size of [1, 7, 10_000]) {
    const reader = createReportReader();
    for (let i = 0; i < OUTPUT.length; i += size) reader.push(OUTPUT.slice(i, i + size));
    assert.deepEqual(reportLines(reader.end()!), [
      "failed: two => ./a_test.ts:3:6",
      "skipped 1: marked as ignored, without a reason",
      "  three",
      "skipped 2: R is not installed; on Debian: apt-get install r-base-core",
      "  four",
      "  five",
      "tests: 1 passed, 1 failed, 3 skipped",
    ]);
  }
});

Deno.test("a run without skipped tests reports only its counts; an interrupted one reports nothing", () => {
  const reader = createReportReader();
  reader.push("ok | 952 passed | 0 failed (1m2s)\n");
  assert.deepEqual(reportLines(reader.end()!, true), ["tests: 952 passed, 0 failed"]);
  assert.equal(createReportReader().end(), undefined);
});

Deno.test("addReports() adds counts, and keeps every failure and reason, and the code of a failure", () => {
  const read = (text: string, code: number) => {
    const reader = createReportReader();
    reader.push(text);
    return { ...reader.end()!, code };
  };
  const whole = addReports([read("ok | 952 passed | 0 failed (1m2s)\n", 0), read(OUTPUT, 1)]);
  assert.equal(whole.code, 1);
  assert.equal(whole.secondsOf.size, 2);
  assert.equal(reportLines(whole).at(0), "failed: two => ./a_test.ts:3:6");
  assert.equal(reportLines(whole).at(-1), "tests: 953 passed, 1 failed, 3 skipped");
});

Deno.test("a test that failed in parallel and passed alone is named, and is not a failure", () => {
  const reader = createReportReader();
  reader.push("ok | 2 passed | 0 failed (1s)\n");
  const again = { ...reader.end()!, code: 0, unsteady: ["two => ./a_test.ts:3:6"] };
  const whole = addReports([again, again]);
  assert.equal(whole.code, 0);
  const line = "failed beside others, passed alone: two => ./a_test.ts:3:6";
  assert.deepEqual(reportLines(whole), [line, line, "tests: 4 passed, 0 failed"]);
});
