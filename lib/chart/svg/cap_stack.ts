import type { EpochMs } from "../../core/time.ts";

/** Width and height of the drawing in units; it is stretched to its box. */
export const STACK_WIDTH = 1000;
export const STACK_HEIGHT = 240;
/** Free space above the highest point. */
const HEADROOM = 1.08;

/** Market caps of a coin over time; `undefined` where unknown. */
export interface StackCoin {
  /** Number of its colour, from 1 on. */
  readonly colour: number;
  readonly caps: readonly (number | undefined)[];
}

export interface CapStack {
  /** From the bottom up, in the given order; empty where a coin has no area. */
  readonly areas: readonly { readonly colour: number; readonly path: string }[];
  /** Sum at each time; `undefined` in a gap. */
  readonly totals: readonly (number | undefined)[];
  /** Value at the top of the drawing. */
  readonly top: number;
}

/**
 * Stacked areas. A coin counts from its first value on. Where it has no later value, the whole
 * column is omitted, because the sum would be wrong.
 */
export function toCapStack(times: readonly EpochMs[], coins: readonly StackCoin[]): CapStack {
  const sums = times.map((_, i) => stackAt(coins, i));
  const totals = sums.map((sum) => sum?.at(-1));
  const top = (Math.max(0, ...totals.map((total) => total ?? 0)) || 1) * HEADROOM;
  const [from = 0, to = 1] = [times[0], times.at(-1)];
  const x = (i: number) => tenth((times[i]! - from) / (to - from || 1) * STACK_WIDTH);
  const y = (value: number) => tenth(STACK_HEIGHT - value / top * STACK_HEIGHT);
  const runs = toRuns(sums);
  return {
    totals,
    top,
    areas: coins.map(({ colour }, n) => ({
      colour,
      path: runs.map((run) => {
        const upper = run.map((i) => `${x(i)} ${y(sums[i]![n + 1]!)}`);
        const lower = run.map((i) => `${x(i)} ${y(sums[i]![n]!)}`).reverse();
        return upper.join() === lower.toReversed().join()
          ? ""
          : `M${[...upper, ...lower].join("L")}z`;
      }).join(""),
    })),
  };
}

/** 0, then the sum with each coin; `undefined` in a gap, and where no coin is known. */
function stackAt(coins: readonly StackCoin[], i: number): number[] | undefined {
  const sums = [0];
  for (const { caps } of coins) {
    const first = caps.findIndex((cap) => cap !== undefined);
    const cap = caps[i];
    if (cap === undefined && first !== -1 && i > first) return undefined;
    sums.push(sums.at(-1)! + (cap ?? 0));
  }
  return sums.at(-1)! > 0 ? sums : undefined;
}

/** Runs of known indices; a single one has no area. */
function toRuns(sums: readonly unknown[]): number[][] {
  const runs: number[][] = [];
  let run: number[] = [];
  sums.forEach((sum, i) => {
    if (sum !== undefined) run.push(i);
    if (sum === undefined || i === sums.length - 1) {
      if (run.length > 1) runs.push(run);
      run = [];
    }
  });
  return runs;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
