import { DAY_MS, type EpochMs, toIso } from "../../../core/time.ts";
import { cutTimes } from "../time_parts.ts";
import type { Db, Transaction } from "../connection/database.ts";
import { followGaps } from "./follow_gaps.ts";
import { lockSeries, type SeriesKey } from "../series_postgres.ts";

/** Finds changes without a mark, such as rows inserted by hand or a detached partition. */
const SCAN_AGAIN_MS = DAY_MS;

/**
 * Updates the gap ledger from all rows, `partRows` at a time so that writers are not blocked.
 * Skipped when only wick's writes have changed the series since the last scan: they advance the
 * scan mark with the version, other changes do not.
 */
export async function scanSeries(db: Db, key: SeriesKey, partRows: number): Promise<void> {
  const locked = <T>(work: (tx: Transaction, now: EpochMs) => Promise<T>) =>
    db.transaction(async (tx) => await work(tx, await lockSeries(tx, key)));
  const held = await locked((tx, now) => beginScan(tx, key, now));
  if (held === undefined) return;
  const { first, last, rows } = held;
  const isKnown = first !== null && last !== null;
  const cuts = isKnown ? cutTimes({ from: first, to: last }, rows, partRows).map(toIso) : [];
  for (const [i, from] of ["-infinity", ...cuts].entries()) {
    await locked((tx) => followGaps(tx, key, { from, to: cuts[i] ?? "infinity" }));
  }
  await locked((tx) => endScan(tx, key));
}

interface Held {
  readonly first: EpochMs | null;
  readonly last: EpochMs | null;
  readonly rows: number;
}

/**
 * Records the start of a scan, which counts as incomplete until its end; `undefined`: no scan
 * needed.
 */
async function beginScan(
  tx: Transaction,
  key: SeriesKey,
  now: EpochMs,
): Promise<Held | undefined> {
  const [held] = await tx.query<Held>(
    `update series set scanned_version = version, scanned_at = '-infinity'
     where symbol_id = $1 and interval = $2
       and (scanned_version is distinct from version or scanned_at < $3)
     returning first_open_time as first, last_open_time as last, row_count as rows`,
    [key.symbolId, key.interval, toIso(now - SCAN_AGAIN_MS)],
  );
  return held;
}

/**
 * Recounts the series, and marks the scan as done unless another program has changed it during the
 * scan.
 */
async function endScan(tx: Transaction, key: SeriesKey): Promise<void> {
  const own = [key.symbolId, key.interval];
  const [mark] = await tx.query<{ holds: boolean }>(
    `select scanned_version = version as holds from series
     where symbol_id = $1 and interval = $2 for update`,
    own,
  );
  // With a hundred million rows it exceeds the usual statement timeout.
  await tx.client.query("select recount_series($1, $2)", own);
  if (!mark?.holds) return;
  await tx.query(
    `update series set scanned_version = version, scanned_at = now()
     where symbol_id = $1 and interval = $2`,
    own,
  );
}
