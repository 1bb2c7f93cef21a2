import type { EpochMs, TimeRange } from "../../../lib/core/time.ts";
import { type CandleRow, unpackRow } from "./candle_block.ts";
import type { Series } from "./market.ts";

/** The candles that open in `range` and are closed at `now`, ascending. */
export function* closedRows(
  series: Series,
  { from, to }: TimeRange,
  now: EpochMs,
): Generator<CandleRow> {
  const end = Math.min(to, now);
  let time = series.next(from);
  while (time !== undefined && series.blockStart(time) < end) {
    const block = series.blockAt(time);
    for (let i = 0; i < block.opens.length; i++) {
      const isWanted = block.opens[i]! >= from && block.opens[i]! < end && block.ends[i]! <= now;
      if (isWanted) yield unpackRow(block, i);
    }
    time = series.next(block.range.to);
  }
}
