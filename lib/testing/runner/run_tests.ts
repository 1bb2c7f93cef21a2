import { describeError } from "../../core/errors.ts";
import { printError, printLine } from "../../log.ts";
import type { Cluster } from "../../store/cluster/embedded_cluster.ts";
import { BROWSER_ENDPOINT, launchSharedBrowser } from "../browser/browser.ts";
import { CLUSTER_IS_FAST, openTestCluster } from "../database/postgres.ts";
import { installPrograms, mustRunAll, TEST_PROGRAMS } from "../programs.ts";
import { build, ISLANDS_BUILT } from "../server_process.ts";
import { withoutSettings } from "./test_environment.ts";
import { parseTestArguments, planTests } from "./test_plan.ts";
import { runPlan } from "./test_processes.ts";
import { addReports, reportLines, slowestLines } from "./test_report.ts";

// `deno task test [FILE …]`: uses one PostgreSQL, one build of the islands and one Chromium for all
// test files, which run in DENO_JOBS processes at a time (default 3). The last lines list the
// skipped tests and the counts; with CI=true a skipped test is a failure.
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

/** Types are checked once here, not in each process. */
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

/** Resources shared by test files; a test file that runs alone creates its own. */
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
