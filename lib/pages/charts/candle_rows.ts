import type { Candle } from "../../chart/model/candle.ts";
import type { ChartGap } from "../../chart/model/chart_gap.ts";

/** A row of the table: a candle, or a gap between two. */
export type CandleRow =
  | { readonly kind: "candle"; readonly candle: Candle }
  | { readonly kind: "gap"; readonly gap: ChartGap };

/** A page of the table. */
export interface CandlePage {
  readonly rows: readonly CandleRow[];
  /** Starting at 1. */
  readonly page: number;
  readonly pages: number;
  /** Numbers of the first and the last candle on the page, counted from the newest. */
  readonly first: number;
  readonly last: number;
}

/**
 * Page `wanted` of the candles, `size` per page, newest first, with the gaps between them; the last
 * page if there are fewer.
 */
export function toCandlePage(
  candles: readonly Candle[],
  gaps: readonly ChartGap[],
  { wanted, size }: { readonly wanted: number; readonly size: number },
): CandlePage {
  const pages = Math.max(1, Math.ceil(candles.length / size));
  const page = Math.min(wanted, pages);
  const end = candles.length - (page - 1) * size;
  const start = Math.max(0, end - size);
  return {
    rows: toRows(candles.slice(start, end), gaps, candles[end]?.openTime ?? Infinity),
    page,
    pages,
    first: (page - 1) * size + 1,
    last: (page - 1) * size + end - start,
  };
}

/** A gap is on the page of the candle before it. */
function toRows(shown: readonly Candle[], gaps: readonly ChartGap[], before: number): CandleRow[] {
  const oldest = shown[0]?.openTime ?? Infinity;
  const rows: CandleRow[] = [
    ...shown.map((candle) => ({ kind: "candle", candle } as const)),
    ...gaps.filter(({ from }) => from > oldest && from < before)
      .map((gap) => ({ kind: "gap", gap } as const)),
  ];
  return rows.sort((a, b) => timeOf(b) - timeOf(a));
}

function timeOf(row: CandleRow): number {
  return row.kind === "candle" ? row.candle.openTime : row.gap.from;
}
