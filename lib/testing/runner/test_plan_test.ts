import assert from "node:assert/strict";
import { parseTestArguments, planTests } from "./test_plan.ts";

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

Deno.test("planTests() plans every file once, and long ones first and alone", () => {
  const { files } = parseTestArguments([]);
  const plan = planTests(files);
  assert.deepEqual(plan.flat().toSorted(), files);
  assert.deepEqual(planTests(["lib/a_test.ts", "lib/b_test.ts", "main_test.ts"]), [
    ["main_test.ts"],
    ["lib/a_test.ts", "lib/b_test.ts"],
  ]);
});
