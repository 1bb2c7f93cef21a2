import type { OwnHead } from "./_export_head.ts";
import type { Slice } from "./_export_sql.ts";
import { cutTimes } from "./_time_parts.ts";

/**
 * Cuts a range into parts of about `partRows` rows each. The outer ends stay unchanged, so no row
 * is lost.
 */
export function partsOf(
  slice: Slice,
  { rows, firstOpenTime, lastOpenTime }: OwnHead,
  partRows: number,
): Slice[] {
  if (firstOpenTime === undefined || lastOpenTime === undefined) return [slice];
  const cuts = cutTimes(
    {
      from: Math.max(firstOpenTime, slice.from ?? -Infinity),
      to: Math.min(lastOpenTime + 1, slice.to ?? Infinity),
    },
    rows,
    partRows,
  );
  return [slice.from, ...cuts].map((from, i) => ({ ...slice, from, to: cuts[i] ?? slice.to }));
}
