import type { Kline } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { KlineFile } from "../ports/archive_source.ts";
import { type CollectorDeps, storeClosed } from "./collect.ts";

/** Candles kept between checking a file and storing it; a month of 1m candles fits. */
const MAX_KEPT = 50_000;

/** Which candles of a file are stored. */
export interface FileTerms {
  /** Those that are closed by this time. */
  readonly serverTime: EpochMs;
  /** Those that open from here on, and not before `HISTORY_SINCE`; all unless given. */
  readonly since?: EpochMs;
}

/** What was in a file. */
export interface FileRows {
  readonly rows: number;
  /** Candles that open before the time from which on they are wanted: not stored. */
  readonly before: number;
}

/**
 * Stores the candles of a file, all that are wanted or none: the file is read to its end before the
 * first one is stored. Newest first, so that a run that is stopped leaves no hole behind. Returns
 * what was in the file.
 *
 * @throws `bad_payload` for a file that cannot be trusted
 */
export async function storeFile(
  deps: CollectorDeps,
  file: KlineFile,
  terms: FileTerms,
  signal: AbortSignal,
): Promise<FileRows> {
  const { serverTime } = terms;
  const since = Math.max(terms.since ?? 0, deps.historySince);
  const { rows, kept } = await readThrough(file, signal);
  let before = 0;
  for await (const batch of kept?.reverse() ?? file.candles()) {
    signal.throwIfAborted();
    const klines = batch.filter(({ openTime }) => openTime >= since);
    before += batch.length - klines.length;
    await storeClosed(deps, file, [{ klines, serverTime }]);
  }
  return { rows, before };
}

/** Reads and checks all of a file; `kept` is what was in it, unless that is too much. */
async function readThrough(file: KlineFile, signal: AbortSignal) {
  let rows = 0;
  let kept: Kline[][] | undefined = [];
  for await (const klines of file.candles()) {
    signal.throwIfAborted();
    rows += klines.length;
    if (rows > MAX_KEPT) kept = undefined;
    kept?.push(klines);
  }
  return { rows, kept };
}
