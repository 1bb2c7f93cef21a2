import assert from "node:assert/strict";
import { describeOldDeno, OLDEST_DENO } from "./deno_version.ts";

Deno.test("an old Deno gets a message with the required version, its own version, and how to upgrade", () => {
  for (const version of ["1.46.3", "2.0.0", "2.6.8", "2.6.10"]) {
    assert.match(
      describeOldDeno(version) ?? "",
      new RegExp(`^wick needs Deno ${OLDEST_DENO} or newer, and this is Deno ${version}: run`),
    );
  }
});

Deno.test("the oldest supported Deno and all later ones are accepted", () => {
  for (
    const version of [OLDEST_DENO, "2.7.14", "2.10.0", "2.9.6+abc", "3.0.0", Deno.version.deno]
  ) {
    assert.equal(describeOldDeno(version), undefined, version);
  }
});

Deno.test("README, gate, image and message name the same Deno", async () => {
  const [readme, gate, dockerfile] = await Promise.all(
    ["README.md", ".ci/run", "Dockerfile"].map((path) => Deno.readTextFile(path)),
  );
  const tested = /deno@(\d[\d.]+\d)/.exec(describeOldDeno("1.0.0")!)![1]!;
  assert.match(readme!, new RegExp(`deno@${RegExp.escape(tested)} task start`));
  assert.match(readme!, new RegExp(`Deno ${RegExp.escape(OLDEST_DENO)} or newer`));
  assert.match(gate!, new RegExp(`deno@${RegExp.escape(tested)}`));
  assert.match(dockerfile!, new RegExp(`deno:${RegExp.escape(tested)} `));
});
