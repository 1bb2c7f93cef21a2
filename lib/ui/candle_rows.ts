import type { Candle } from "../chart/candle.ts";
import type { Hole } from "../chart/hole.ts";

/** A line of the table: a candle, or the hole between two. */
export type CandleRow =
  | { readonly kind: "candle"; readonly candle: Candle }
  | { readonly kind: "hole"; readonly hole: Hole };

/** The newest `count` candles, newest first, with the holes among them. */
export function toCandleRows(
  candles: readonly Candle[],
  holes: readonly Hole[],
  count: number,
): CandleRow[] {
  const shown = candles.slice(-count).reverse();
  const oldest = shown.at(-1)?.openTime ?? Infinity;
  const rows: CandleRow[] = shown.map((candle) => ({ kind: "candle", candle }));
  rows.push(
    ...holes.filter(({ from }) => from > oldest).map((hole) => ({ kind: "hole", hole } as const)),
  );
  return rows.sort((a, b) => timeOf(b) - timeOf(a));
}

function timeOf(row: CandleRow): number {
  return row.kind === "candle" ? row.candle.openTime : row.hole.from;
}
