import { printLine } from "../lib/log.ts";

/** A measured figure and its limit, from the same run. */
export interface Figure {
  readonly name: string;
  /** The limit that the figure cannot exceed, and the reason. */
  readonly limit: string;
  readonly unit: string;
  readonly measured: number;
  readonly limitMeasured: number;
  /** Smallest acceptable `ratio`; for `isCost`, the largest acceptable `measured`. */
  readonly budget: number;
  /** Lower is better, and there is no limit for comparison. */
  readonly isCost?: boolean;
}

/** Runs per figure; medians are reported. */
export const RUNS = 5;
/** A figure this close to its budget counts as short: another run may miss the budget. */
const MARGIN = 0.1;

/** A figure without a limit for comparison, of which less is better. */
export function cost(name: string, unit: string, measured: number, budget: number): Figure {
  return { name, limit: "", unit, measured, limitMeasured: 0, budget, isCost: true };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Runs two functions alternately, A B A B …, so that a slowdown of the machine affects both. */
export async function inTurn(
  a: () => Promise<number>,
  b: () => Promise<number>,
  runs = RUNS,
): Promise<{ a: number; b: number; ratio: number }> {
  const [as, bs]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    as.push(await a());
    bs.push(await b());
  }
  return { a: median(as), b: median(bs), ratio: median(as.map((value, i) => value / bs[i]!)) };
}

/** True if the figure meets its budget with a margin. */
export function isMet({ measured, limitMeasured, budget, isCost }: Figure): boolean {
  if (isCost) return measured <= budget * (1 - MARGIN);
  return measured / limitMeasured >= budget * (1 + MARGIN);
}

/** Formats a table. */
export function printFigures(figures: readonly Figure[]): void {
  const rows = figures.map((figure) => [
    figure.name,
    `${format(figure.measured)} ${figure.unit}`,
    figure.isCost ? "-" : `${format(figure.limitMeasured)} ${figure.unit} (${figure.limit})`,
    figure.isCost ? "-" : (figure.measured / figure.limitMeasured).toFixed(2),
    `${figure.isCost ? "≤" : "≥"} ${figure.budget}`,
    isMet(figure) ? "ok" : "short",
  ]);
  const head = ["figure", "measured", "limit", "ratio", "budget", ""];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length)));
  for (const row of [head, widths.map((width) => "-".repeat(width)), ...rows]) {
    printLine(`| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`);
  }
}

function format(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en") : String(+value.toPrecision(3));
}
