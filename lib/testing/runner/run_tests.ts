import { existsSync } from "node:fs";
import { join } from "node:path";
import { describeError } from "../../core/errors.ts";
import { printError, printLine } from "../../log.ts";
import type { Cluster } from "../../store/cluster/embedded_cluster.ts";
import { BROWSER_ENDPOINT, launchSharedBrowser } from "../browser/browser.ts";
import { openRunCluster, RUN_CLUSTER } from "../database/postgres.ts";
import { installPrograms, mustRunAll, TEST_PROGRAMS } from "../programs.ts";
import { clusterFolder, removeOldScratch } from "../scratch_folder.ts";
import { build, ISLANDS_BUILT } from "../server_process.ts";
import { withoutSettings } from "./test_environment.ts";
import { parseTestArguments, planTests } from "./test_plan.ts";
import { runPlan } from "./test_processes.ts";
import { addReports, reportLines, slowestLines } from "./test_report.ts";

// `deno task test [FILE …]`: uses one PostgreSQL, one build of the islands and one Chromium for all
// test files, which run in DENO_JOBS processes at a time (default 3). The last lines list the
// skipped tests and the counts; with CI=true a skipped test is a failure.
const { flags, files } = parseTestArguments(Deno.args);
const wrongTypes = new AbortController();
const typesChecked = checkTypes();
await installPrograms(TEST_PROGRAMS);
await removeOldScratch();
const dataDir = await clusterFolder();
const [cluster, shared] = await Promise.all([
  openCluster(),
  files.length > 1 ? openShared() : undefined,
]);
const reports = await runPlan(planTests(files), flags, {
  ...withoutSettings(Deno.env.toObject()),
  NO_COLOR: "1",
  [RUN_CLUSTER]: dataDir,
  ...shared?.env,
}, wrongTypes.signal);
await typesChecked;
await shared?.close();
await cluster.release();
const isShared = existsSync(join(cluster.folder, "postmaster.pid")); // by another test run
if (!isShared) await Deno.remove(dataDir, { recursive: true });

const report = addReports(reports);
if (files.length > 20) slowestLines(report).forEach(printLine);
reportLines(report, mustRunAll()).forEach(printLine);
if (wrongTypes.signal.aborted) printError("Types are wrong: the errors are printed above");
Deno.exit(
  Number(wrongTypes.signal.aborted) || report.code ||
    Number(mustRunAll() && report.skipped.size > 0),
);

/** Types are checked once, beside the first steps and tests, not in each process. */
async function checkTypes(): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-run", "--quiet", ...files],
    env: { NO_COLOR: "1" },
  }).spawn().status;
  if (!success) wrongTypes.abort();
}

async function openCluster(): Promise<Cluster> {
  try {
    return await openRunCluster(dataDir);
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
