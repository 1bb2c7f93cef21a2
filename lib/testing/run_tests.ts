import { silent, testDataDir } from "./postgres.ts";
import { describeError } from "../core/errors.ts";
import { printError, printLine } from "../log.ts";
import { type Cluster, openCluster } from "../store/cluster/embedded_cluster.ts";
import { installPrograms, mustRunAll, TEST_PROGRAMS } from "./programs.ts";
import { withoutSettings } from "./test_environment.ts";
import { createReportReader, reportLines } from "./test_report.ts";

// `deno task test [FILE …]`: one PostgreSQL for the whole run, then the tests. The last lines name
// the tests that were skipped because a program is missing, and count all of them; with CI=true a
// skipped test is a failure.
await installPrograms(TEST_PROGRAMS);
const cluster = await openTestCluster();
const child = new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--sanitize-ops", "--sanitize-resources", ...Deno.args],
  clearEnv: true,
  env: { ...withoutSettings(Deno.env.toObject()), NO_COLOR: "1" },
  stdout: "piped",
}).spawn();

const reader = createReportReader();
const decoder = new TextDecoder();
for await (const chunk of child.stdout) {
  await Deno.stdout.write(chunk);
  reader.push(decoder.decode(chunk, { stream: true }));
}
const { code } = await child.status;
await cluster.release();

const report = reader.end();
if (report === undefined) Deno.exit(code || 1);
reportLines(report, mustRunAll()).forEach(printLine);
Deno.exit(code || (mustRunAll() && report.skipped.size > 0 ? 1 : 0));

async function openTestCluster(): Promise<Cluster> {
  try {
    return await openCluster(testDataDir, silent);
  } catch (error) {
    printError(`Cannot run the tests without PostgreSQL: ${describeError(error)}`);
    Deno.exit(1);
  }
}
