import { ageOf, freshnessOf } from "../core/freshness.ts";
import type { EpochMs } from "../core/time.ts";
import type { SeriesCoverage } from "../ports/kline_reader.ts";
import type { SeriesDisputes } from "../ports/status_reader.ts";

/** A stored series in the format of `/api/series`, with its `disputes`, if any. */
export function toSeriesJson(
  { symbol, interval, rows, firstOpenTime, lastOpenTime, gapCounts }: SeriesCoverage,
  serverTime: EpochMs,
  disputes: Pick<SeriesDisputes, "conflicts" | "refusedFiles"> | undefined,
) {
  return {
    symbol,
    interval,
    rows,
    first_open_time: firstOpenTime ?? null,
    last_open_time: lastOpenTime ?? null,
    holes: gapCounts,
    freshness: freshnessOf(lastOpenTime, interval, serverTime),
    age_ms: lastOpenTime === undefined ? null : ageOf(lastOpenTime, interval, serverTime),
    conflicts: disputes?.conflicts ?? 0,
    refused_files: disputes?.refusedFiles ?? 0,
  };
}
