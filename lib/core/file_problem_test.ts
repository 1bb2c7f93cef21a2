import assert from "node:assert/strict";
import { fileProblem } from "./file_problem.ts";

Deno.test("fileProblem() gives the reason in words, without Deno's advice", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wick-files-" });
  const long = "x".repeat(300);
  const cases: [() => Promise<unknown>, string][] = [
    [() => Deno.readTextFile(`${folder}/none`), "no such file or folder"],
    [() => Deno.readTextFile(folder), "it is a folder"],
    [() => Deno.mkdir(`/dev/null/x`), "a part of the path is a file"],
    [() => Deno.writeTextFile(`${folder}/${long}`, ""), "the name is too long"],
  ];
  for (const [work, problem] of cases) {
    assert.equal(await work().then(() => "", fileProblem), problem);
  }
  await Deno.remove(folder);
  const kept = new Deno.errors.NotCapable('Requires all access to "/proc/x", run again with …');
  assert.equal(fileProblem(kept), "Deno does not permit wick to use this path");
  assert.equal(fileProblem(new Error("anything else")), "anything else");
});
