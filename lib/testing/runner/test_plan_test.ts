import assert from "node:assert/strict";
import { parseTestArguments, planTests, SERIAL } from "./test_plan.ts";

Deno.test("parseTestArguments() lists a folder's tests, keeps options, and accepts a missing file", () => {
  assert.deepEqual(parseTestArguments(["--filter", "x", "lib/trace_missing_test.ts", "--quiet"]), {
    flags: ["--filter", "x", "--quiet"],
    files: ["lib/trace_missing_test.ts"],
  });
  const { files } = parseTestArguments([]);
  assert.ok(files.includes("lib/testing/runner/test_plan_test.ts"));
  assert.ok(files.includes("main_test.ts"));
  assert.deepEqual(
    files.filter((file) => /testdata|node_modules|^lib.testing.clients/.test(file)),
    [],
  );
});

Deno.test("planTests() plans every file once, and files that need a quiet machine last", () => {
  const { files } = parseTestArguments([]);
  const { parallel, serial } = planTests(files);
  assert.deepEqual([...parallel, ...serial].flat().toSorted(), files);
  assert.deepEqual(serial.flat(), SERIAL, "every name in the list is that of a file");
});
