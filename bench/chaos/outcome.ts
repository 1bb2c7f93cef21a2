import { printLine } from "../../lib/log.ts";
import type { Fault, Round } from "./fault.ts";

/** Totals over all rounds of one fault. */
export interface Outcome {
  readonly fault: string;
  readonly rounds: number;
  /** Seconds to the first 200 of `/readyz`: median and maximum. */
  readonly readyS: readonly [number, number] | undefined;
  /** Seconds until the database equals the exchange: median and maximum. */
  readonly completeS: readonly [number, number] | undefined;
  readonly unrecovered: number;
  readonly lost: number;
  readonly doubled: number;
  readonly wrongReadyz: number;
  readonly otherProblems: number;
}

export function isSound({ lost, doubled, wrongReadyz, problems }: Round): boolean {
  return lost + doubled + wrongReadyz.length + problems.length === 0;
}

export function outcomes(rounds: readonly Round[]): Outcome[] {
  return Array.from(Map.groupBy(rounds, ({ fault }) => fault), ([fault, own]) => ({
    fault,
    rounds: own.length,
    readyS: spread(own.map(({ readyMs }) => readyMs)),
    completeS: spread(own.map(({ completeMs }) => completeMs)),
    unrecovered: own.filter(({ completeMs }) => completeMs === undefined).length,
    lost: sum(own.map(({ lost }) => lost)),
    doubled: sum(own.map(({ doubled }) => doubled)),
    wrongReadyz: sum(own.map(({ wrongReadyz }) => wrongReadyz.length)),
    otherProblems: sum(own.map(({ problems }) => problems.length)),
  }));
}

/** The table, as Markdown. */
export function printTable(rounds: readonly Round[], skipped: ReadonlyMap<Fault, string>): void {
  const head = ["fault", "rounds", "ready s", "complete s", "lost", "doubled", "readyz", "other"];
  const body = outcomes(rounds).map((one) => [
    one.fault,
    String(one.rounds),
    range(one.readyS),
    range(one.completeS),
    ...[one.lost, one.doubled, one.wrongReadyz, one.otherProblems].map(String),
  ]);
  const widths = head.map((_, i) => Math.max(...[head, ...body].map((row) => row[i]!.length)));
  for (const row of [head, widths.map((width) => "-".repeat(width)), ...body]) {
    printLine(`| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`);
  }
  for (const [{ name }, reason] of skipped) printLine(`Skipped ${name}: ${reason}`);
}

/**
 * Describes a round in one line, and each problem in an indented line. No line begins with `ok` or
 * `FAIL`, because log readers take such lines for results of Go tests.
 */
export function roundLines(round: Round): string[] {
  const { fault, seed, readyMs, completeMs, problems, wrongReadyz } = round;
  const times = `ready ${seconds(readyMs)}, complete ${seconds(completeMs)}`;
  if (isSound(round)) return [`${fault}: ${times}, store equals exchange (seed ${seed})`];
  return [
    `${fault}: FAILED, ${times} (seed ${seed})`,
    ...problems.map((text) => `     ${text}`),
    ...wrongReadyz.map((text) => `     /readyz: ${text}`),
  ];
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "never" : `${(ms / 1000).toFixed(1)} s`;
}

function range(spread: readonly [number, number] | undefined): string {
  return spread === undefined ? "never" : spread.map((s) => s.toFixed(1)).join(" / ");
}

function spread(times: readonly (number | undefined)[]): [number, number] | undefined {
  const sorted = times.filter((ms) => ms !== undefined).toSorted((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  return [sorted[sorted.length >> 1]! / 1000, sorted.at(-1)! / 1000];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
