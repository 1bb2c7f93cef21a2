import pLimit from "p-limit";
import { printLine } from "../../log.ts";
import { createReportReader, type TestReport } from "./test_report.ts";

/** A finished test process. */
export interface ProcessReport extends TestReport {
  readonly code: number;
}

/** Many tests wait for PostgreSQL or a deadline: three processes keep two cores busy, in 4 GB. */
const jobs = () => Math.max(1, Number(Deno.env.get("DENO_JOBS")) || 3);

/**
 * Runs chunks of test files, each in a process, and prints the output of each as a whole. Chunks
 * that failed beside others run again, alone, because a browser without CPU for seconds misses
 * deadlines. The second run counts, and the report names the tests. After `signal` no further
 * process is started.
 */
export async function runPlan(
  plan: readonly (readonly string[])[],
  flags: readonly string[],
  env: Record<string, string>,
  signal?: AbortSignal,
): Promise<ProcessReport[]> {
  const limit = pLimit(jobs());
  const isOnly = plan.length === 1;
  const run = async (files: readonly string[]) =>
    signal?.aborted ? NOT_RUN : await runChunk(files, { flags, env, isOnly });
  const first = await Promise.all(plan.map((files) => limit(() => run(files))));
  const reports: ProcessReport[] = [];
  for (const [i, report] of first.entries()) {
    const isFinal = report.code === 0 || isOnly || signal?.aborted;
    reports.push(isFinal ? report : await runAgain(plan[i]!, report, run));
  }
  return reports;
}

const NOT_RUN: ProcessReport = {
  code: 1,
  passed: 0,
  failed: 0,
  failures: [],
  skipped: new Map(),
  secondsOf: new Map(),
};

async function runAgain(
  files: readonly string[],
  { failures }: ProcessReport,
  run: (files: readonly string[]) => Promise<ProcessReport>,
): Promise<ProcessReport> {
  printLine(`Running again, alone: ${files.join(" ")}`);
  const report = await run(files);
  return report.code === 0 ? { ...report, unsteady: failures } : report;
}

async function runChunk(
  files: readonly string[],
  { flags, env, isOnly }: {
    flags: readonly string[];
    env: Record<string, string>;
    isOnly: boolean;
  },
): Promise<ProcessReport> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "-A",
      "--no-check",
      "--sanitize-ops",
      "--sanitize-resources",
      ...flags,
      ...files,
    ],
    clearEnv: true,
    env,
    stdout: "piped",
  }).spawn();
  const reader = createReportReader();
  const decoder = new TextDecoder();
  const printed: Uint8Array[] = [];
  for await (const chunk of child.stdout) {
    if (isOnly) await writeAll(chunk);
    else printed.push(chunk);
    reader.push(decoder.decode(chunk, { stream: true }));
  }
  const { code } = await child.status;
  for (const chunk of printed) await writeAll(chunk);
  const report = reader.end();
  return report === undefined ? brokenOff(files, code) : { ...report, code };
}

/** The report of a process that ended without a summary: a failure, whatever its exit code. */
function brokenOff(files: readonly string[], code: number): ProcessReport {
  const failures = [`${files.join(" ")}: ended with exit code ${code} and without a summary`];
  return { ...NOT_RUN, code: code || 1, failed: 1, failures };
}

async function writeAll(bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
}
