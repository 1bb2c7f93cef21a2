import { SKIPPED } from "../programs.ts";

/** Counts of a test run and its skipped tests, read from the output of `deno test`. */
export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  /** Names and places of failed tests. */
  readonly failures: readonly string[];
  /** Tests that failed in parallel and passed when their file ran again, alone. */
  readonly unsteady?: readonly string[];
  /** The names of skipped tests by reason. */
  readonly skipped: ReadonlyMap<string, readonly string[]>;
  /** Duration of each test file. */
  readonly secondsOf: ReadonlyMap<string, number>;
}

const REASON_UNKNOWN = "marked as ignored, without a reason";

/** Reads the output of `deno test` in chunks of any size. */
export function createReportReader(now: () => number = () => performance.now()) {
  const skipped = new Map<string, string[]>();
  const secondsOf = new Map<string, number>();
  const failures: string[] = [];
  let file: { name: string; since: number } | undefined;
  let isListing = false;
  let rest = "";
  let counts: { passed: number; failed: number } | undefined;

  function beginFile(name: string | undefined): void {
    if (file) secondsOf.set(file.name, (now() - file.since) / 1000);
    file = name === undefined ? undefined : { name, since: now() };
  }

  function readLine(line: string): void {
    const [, begun] = /^running \d+ tests? from (.*)$/.exec(line) ?? [];
    if (begun !== undefined) beginFile(begun);
    const [, test] = /^(.*) \.\.\. ignored \(/.exec(line) ?? [];
    if (test !== undefined) {
      const [name, reason = REASON_UNKNOWN] = test.split(SKIPPED);
      skipped.set(reason, [...skipped.get(reason) ?? [], name!]);
    }
    if (line.trim() === "FAILURES") isListing = true;
    else if (isListing && / => |\(uncaught error\)$/.test(line)) failures.push(line);
    const summary = /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed/.exec(line);
    if (!summary) return;
    beginFile(undefined);
    counts = { passed: Number(summary[1]), failed: Number(summary[2]) };
  }

  return {
    push(text: string): void {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      lines.forEach(readLine);
    },
    /** The report; `undefined` if the run ended without a summary. */
    end(): TestReport | undefined {
      readLine(rest);
      return counts && { ...counts, failures, skipped, secondsOf };
    },
  };
}

/** Merges reports of several processes. Its code is that of the first failure. */
export function addReports(reports: readonly (TestReport & { code: number })[]) {
  const skipped = new Map<string, string[]>();
  for (const [reason, names] of reports.flatMap((report) => [...report.skipped])) {
    skipped.set(reason, [...skipped.get(reason) ?? [], ...names]);
  }
  return {
    passed: reports.reduce((sum, { passed }) => sum + passed, 0),
    failed: reports.reduce((sum, { failed }) => sum + failed, 0),
    failures: reports.flatMap(({ failures }) => failures),
    unsteady: reports.flatMap(({ unsteady }) => unsteady ?? []),
    skipped,
    secondsOf: new Map(reports.flatMap(({ secondsOf }) => [...secondsOf])),
    code: reports.find(({ code }) => code !== 0)?.code ?? 0,
  };
}

/** The ten slowest test files. */
export function slowestLines({ secondsOf }: Pick<TestReport, "secondsOf">): string[] {
  const slowest = [...secondsOf].toSorted(([, a], [, b]) => b - a).slice(0, 10);
  return ["slowest:", ...slowest.map(([file, seconds]) => `  ${seconds.toFixed(1)} s ${file}`)];
}

/**
 * The last lines of a run: failures, skips and reasons, then counts. `mustRunAll` forbids skips.
 */
export function reportLines(
  { passed, failed, failures, unsteady = [], skipped }: Omit<TestReport, "secondsOf">,
  mustRunAll = false,
): string[] {
  const reasons = [...skipped].flatMap(([reason, names]) => [
    `skipped ${names.length}: ${reason}`,
    ...names.map((name) => `  ${name}`),
  ]);
  const count = [...skipped.values()].reduce((sum, names) => sum + names.length, 0);
  const end = count > 0 ? `, ${count} skipped` : "";
  if (count > 0 && mustRunAll) {
    reasons.push("CI is set, so skipped tests are failures: install the programs named above");
  }
  return [
    ...failures.map((failure) => `failed: ${failure}`),
    ...unsteady.map((failure) => `failed beside others, passed alone: ${failure}`),
    ...reasons,
    `tests: ${passed} passed, ${failed} failed${end}`,
  ];
}
