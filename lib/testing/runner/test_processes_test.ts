import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProcessReport } from "./test_processes.ts";

/** A test that fails when it runs for the first time. */
const UNSTEADY = (mark: string) =>
  `Deno.test("unsteady", () => {
  const isFirst = !(() => { try { Deno.statSync(${
    JSON.stringify(mark)
  }); return true; } catch { return false; } })();
  Deno.writeTextFileSync(${JSON.stringify(mark)}, "");
  if (isFirst) throw new Error("no CPU");
});`;

Deno.test("runPlan() repeats a file that failed in parallel, alone, and fails if it fails again", async () => {
  const folder = await Deno.makeTempDir();
  const write = async (name: string, text: string) => {
    const path = join(folder, name);
    await Deno.writeTextFile(path, text);
    return [path];
  };
  const plan = [
    await write("steady_test.ts", `Deno.test("steady", () => {});`),
    await write("unsteady_test.ts", UNSTEADY(join(folder, "mark"))),
    await write("broken_test.ts", `Deno.test("broken", () => { throw new Error("wrong"); });`),
  ];
  const module = JSON.stringify(new URL("./test_processes.ts", import.meta.url).href);
  // In another process, so that the files' output is not taken for this file's results.
  const [script] = await write(
    "run.ts",
    `import { runPlan } from ${module};
    const env = { ...Deno.env.toObject(), NO_COLOR: "1" };
    console.log(JSON.stringify(await runPlan(${JSON.stringify(plan)}, ["--no-config"], env)));`,
  );
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--config",
      fileURLToPath(new URL("../../../deno.json", import.meta.url)),
      script!,
    ],
    stderr: "null",
  }).output();
  const reports: ProcessReport[] = JSON.parse(
    new TextDecoder().decode(stdout).trim().split("\n").at(-1)!,
  );
  assert.deepEqual(
    reports.map(({ code, passed, failed, unsteady }) => [code, passed, failed, unsteady?.length]),
    [[0, 1, 0, undefined], [0, 1, 0, 1], [1, 0, 1, undefined]],
  );
  await Deno.remove(folder, { recursive: true });
});
