import type { OwnHead } from "./_export_head.ts";
import type { Slice } from "./_export_sql.ts";

/** Rows that one statement looks at: seconds, whatever the table's size. */
export const PART_ROWS = 500_000;

/**
 * Cuts a slice into stretches of time that hold about `partRows` rows each, none of them left out:
 * the outer ends stay as they are.
 */
export function partsOf(
  slice: Slice,
  { rows, firstOpenTime, lastOpenTime }: OwnHead,
  partRows: number,
): Slice[] {
  const count = Math.ceil(rows / partRows);
  if (count <= 1 || firstOpenTime === undefined || lastOpenTime === undefined) return [slice];
  const begin = Math.max(firstOpenTime, slice.from ?? -Infinity);
  const end = Math.min(lastOpenTime + 1, slice.to ?? Infinity);
  const cuts = Array.from(
    { length: count - 1 },
    (_, i) => Math.round(begin + (end - begin) * (i + 1) / count),
  );
  return [slice.from, ...cuts].map((from, i) => ({ ...slice, from, to: cuts[i] ?? slice.to }));
}
