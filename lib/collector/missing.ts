import { endOf } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import type { TimeRange } from "../core/time.ts";
import type { GapLedger } from "../ports/gap_ledger.ts";
import type { KlineStore } from "../ports/kline_store.ts";

interface Held {
  readonly store: Pick<KlineStore, "getState">;
  readonly gaps: Pick<GapLedger, "list">;
}

/** Ranges not stored: before the first candle, pending gaps, after the last candle. */
export async function findMissing(
  { store, gaps }: Held,
  series: Series,
  range: TimeRange,
): Promise<TimeRange[]> {
  const { firstOpenTime, lastOpenTime } = await store.getState(series);
  if (firstOpenTime === undefined || lastOpenTime === undefined) return [range];
  const { symbol, interval } = series;
  const pending = await gaps.list({ symbol, interval, class: "pending" });
  return [
    { from: range.from, to: Math.min(range.to, firstOpenTime) },
    ...pending.map(({ from, to }) => ({
      from: Math.max(range.from, from),
      to: Math.min(range.to, to),
    })),
    { from: Math.max(range.from, endOf(lastOpenTime, interval)), to: range.to },
  ].filter(({ from, to }) => from < to);
}
