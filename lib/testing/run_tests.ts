import { describeError } from "../core/errors.ts";
import { printError, printLine } from "../log.ts";
import type { Cluster } from "../store/cluster/embedded_cluster.ts";
import { BROWSER_ENDPOINT, launchSharedBrowser } from "./browser.ts";
import { CLUSTER_IS_FAST, openTestCluster } from "./postgres.ts";
import { installPrograms, mustRunAll, TEST_PROGRAMS } from "./programs.ts";
import { build, ISLANDS_BUILT } from "./server_process.ts";
import { withoutSettings } from "./test_environment.ts";
import { parseTestArguments, planTests } from "./test_plan.ts";
import { runPlan } from "./test_processes.ts";
import { addReports, reportLines, slowestLines } from "./test_report.ts";

// `deno task test [FILE …]`: one PostgreSQL, one build of the islands and one Chromium for all test
// files, which run in DENO_JOBS processes at a time (3 unless set). The last lines name the skipped tests and
// count all of them; with CI=true a skipped test is a failure.
const { flags, files } = parseTestArguments(Deno.args);
await installPrograms(TEST_PROGRAMS);
await checkTypes();
const cluster = await openCluster();
const shared = files.length > 1 ? await openShared() : undefined;
const reports = await runPlan(planTests(files), flags, {
  ...withoutSettings(Deno.env.toObject()),
  NO_COLOR: "1",
  [CLUSTER_IS_FAST]: "1",
  ...shared?.env,
});
await shared?.close();
await cluster.release();

const report = addReports(reports);
if (files.length > 20) slowestLines(report).forEach(printLine);
reportLines(report, mustRunAll()).forEach(printLine);
Deno.exit(report.code || (mustRunAll() && report.skipped.size > 0 ? 1 : 0));

/** The processes of the tests do not check again what this has checked. */
async function checkTypes(): Promise<void> {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-run", "--quiet", ...files],
    env: { NO_COLOR: "1" },
  }).spawn().status;
  if (code !== 0) Deno.exit(code);
}

async function openCluster(): Promise<Cluster> {
  try {
    return await openTestCluster({ isDurable: false });
  } catch (error) {
    printError(`Cannot run the tests without PostgreSQL: ${describeError(error)}`);
    Deno.exit(1);
  }
}

/** What test files share; a test file that runs alone makes what it needs. */
async function openShared() {
  const [browser] = await Promise.all([launchSharedBrowser(), build()]);
  return {
    env: {
      [ISLANDS_BUILT]: "1",
      ...(browser ? { [BROWSER_ENDPOINT]: browser.wsEndpoint() } : undefined),
    },
    close: async () => await browser?.close(),
  };
}
