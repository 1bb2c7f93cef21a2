import { ageOf, freshnessOf } from "../core/freshness.ts";
import type { EpochMs } from "../core/time.ts";
import type { SeriesCoverage } from "../ports/kline_reader.ts";
import type { RollupProof } from "../ports/rollup_ledger.ts";
import type { SeriesDisputes } from "../ports/status_reader.ts";

/** Facts about a series that has any. */
export interface SeriesEvidence {
  readonly disputes: Pick<SeriesDisputes, "conflicts" | "refusedFiles"> | undefined;
  readonly rollup: RollupProof | undefined;
}

/** A stored series in the format of `/api/series`. */
export function toSeriesJson(
  { symbol, interval, rows, importedRows, firstOpenTime, lastOpenTime, gapCounts }: SeriesCoverage,
  serverTime: EpochMs,
  { disputes, rollup }: SeriesEvidence,
) {
  return {
    symbol,
    interval,
    rows,
    imported: importedRows,
    first_open_time: firstOpenTime ?? null,
    last_open_time: lastOpenTime ?? null,
    holes: gapCounts,
    freshness: freshnessOf(lastOpenTime, interval, serverTime),
    age_ms: lastOpenTime === undefined ? null : ageOf(lastOpenTime, interval, serverTime),
    conflicts: disputes?.conflicts ?? 0,
    refused_files: disputes?.refusedFiles ?? 0,
    rollup: rollup === undefined ? null : toRollupJson(rollup),
  };
}

function toRollupJson(proof: RollupProof) {
  const { base, compared, differing, unexplained, checkedAt, differences } = proof;
  return {
    from: base,
    compared,
    equal: compared - differing,
    differing,
    unexplained,
    checked_at: checkedAt ?? null,
    newest: differences.map(({ openTime, details, cause }) => ({
      open_time: openTime,
      columns: details.map(({ column }) => column),
      cause: cause ?? null,
    })),
  };
}
