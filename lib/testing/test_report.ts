import { SKIPPED } from "./programs.ts";

/** Counts of a test run and its skipped tests, read from the output of `deno test`. */
export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  /** The names of skipped tests by reason. */
  readonly skipped: ReadonlyMap<string, readonly string[]>;
}

const REASON_UNKNOWN = "marked as ignored, without a reason";

/** Reads the output of `deno test` as it comes, in pieces of any size. */
export function createReportReader() {
  const skipped = new Map<string, string[]>();
  let rest = "";
  let counts: { passed: number; failed: number } | undefined;

  function readLine(line: string): void {
    const [, test] = /^(.*) \.\.\. ignored \(/.exec(line) ?? [];
    if (test !== undefined) {
      const [name, reason = REASON_UNKNOWN] = test.split(SKIPPED);
      skipped.set(reason, [...skipped.get(reason) ?? [], name!]);
    }
    const summary = /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed/.exec(line);
    if (summary) counts = { passed: Number(summary[1]), failed: Number(summary[2]) };
  }

  return {
    push(text: string): void {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      lines.forEach(readLine);
    },
    /** The report; `undefined` where the run ended without a summary. */
    end(): TestReport | undefined {
      readLine(rest);
      return counts && { ...counts, skipped };
    },
  };
}

/** The last lines of a run: what was skipped and why, then the counts. `mustRunAll` forbids skips. */
export function reportLines({ passed, failed, skipped }: TestReport, mustRunAll = false): string[] {
  const reasons = [...skipped].flatMap(([reason, names]) => [
    `skipped ${names.length}: ${reason}`,
    ...names.map((name) => `  ${name}`),
  ]);
  const count = [...skipped.values()].reduce((sum, names) => sum + names.length, 0);
  const end = count > 0 ? `, ${count} skipped` : "";
  if (count > 0 && mustRunAll) {
    reasons.push("CI is set, so skipped tests are failures: install the programs named above");
  }
  return [...reasons, `tests: ${passed} passed, ${failed} failed${end}`];
}
