import type { Kline } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { KlineFile } from "../ports/archive_source.ts";
import { type CollectorDeps, storeClosed } from "./collect.ts";

/** Candles kept in memory between checking and storing a file; a month of 1m candles fits. */
const MAX_KEPT = 50_000;
/** Candles of a file that are compared with others, in ranges from all parts of it. */
const SAMPLE_ROWS = 50;
const MAX_SAMPLES = 10;

/** Selects the candles of a file to store. */
export interface FileTerms {
  /** Candles that open at or after this time, and not before `HISTORY_SINCE`; default: all. */
  readonly since?: EpochMs;
  /**
   * Called after the file was read and before anything is stored: throws to reject it, or returns
   * the exchange's time, by which stored candles must be closed.
   */
  readonly admit: (digest: FileDigest) => Promise<EpochMs>;
}

/** The content of a file. */
export interface FileRows {
  /** Candles, each counted once. */
  readonly rows: number;
  /** Candles before the wanted start: not stored. */
  readonly before: number;
  readonly repeated: number;
  /** Descriptions of invalid rows. */
  readonly refused: readonly string[];
}

/** Summary of a file that was read. */
export interface FileDigest extends Omit<FileRows, "before"> {
  /** See `FilePart`. */
  readonly doubts: readonly string[];
  /** Ranges of consecutive candles, including the first and the last of the file. */
  readonly samples: readonly (readonly Kline[])[];
}

/**
 * Stores the wanted candles of a file, all or none: the file is read to its end before the first
 * one is stored. Up to MAX_KEPT candles are one transaction; above that, each part is one. Returns
 * the content of the file.
 * @throws `bad_payload` for an invalid file
 */
export async function storeFile(
  deps: CollectorDeps,
  file: KlineFile,
  terms: FileTerms,
  signal: AbortSignal,
): Promise<FileRows> {
  const since = Math.max(terms.since ?? 0, deps.historySince);
  const { digest, kept } = await readThrough(file, signal);
  const serverTime = await terms.admit(digest);
  let before = 0;
  for await (const batch of kept === undefined ? candlesOf(file) : [kept]) {
    signal.throwIfAborted();
    const klines = batch.filter(({ openTime }) => openTime >= since);
    before += batch.length - klines.length;
    await storeClosed(deps, file, [{ klines, serverTime }]);
  }
  const { rows, repeated, refused } = digest;
  return { rows, before, repeated, refused };
}

async function* candlesOf(file: KlineFile): AsyncGenerator<readonly Kline[]> {
  for await (const { klines } of file.candles()) yield klines;
}

/**
 * Reads and checks the whole file; `kept` holds its candles, ascending, unless there are too many.
 */
async function readThrough(file: KlineFile, signal: AbortSignal) {
  let kept: Kline[] | undefined = [];
  const count = { rows: 0, repeated: 0 };
  const refused: string[] = [];
  const doubts: string[] = [];
  const samples: (readonly Kline[])[] = [];
  for await (const part of file.candles()) {
    signal.throwIfAborted();
    count.rows += part.klines.length;
    count.repeated += part.repeated;
    refused.push(...part.refused);
    doubts.push(...part.doubts);
    if (count.rows > MAX_KEPT) kept = undefined;
    kept?.push(...part.klines);
    if (part.klines.length > 0) addSamples(samples, part.klines);
  }
  kept?.sort((a, b) => a.openTime - b.openTime);
  const digest: FileDigest = {
    ...count,
    refused,
    doubts,
    samples: kept === undefined ? samples : spread(kept),
  };
  return { digest, kept };
}

/** The first and last candles of each part; parts in the middle are sampled. */
function addSamples(samples: (readonly Kline[])[], klines: readonly Kline[]): void {
  if (samples.length >= MAX_SAMPLES) samples.splice(1 + samples.length % (MAX_SAMPLES - 1), 1);
  if (samples.length === 0) samples.push(klines.slice(0, SAMPLE_ROWS));
  samples.push(klines.slice(-SAMPLE_ROWS));
}

function spread(klines: readonly Kline[]): (readonly Kline[])[] {
  if (klines.length === 0) return [];
  const count = Math.min(MAX_SAMPLES, Math.ceil(klines.length / SAMPLE_ROWS));
  return Array.from({ length: count }, (_, i) => {
    const start = Math.round(i * Math.max(0, klines.length - SAMPLE_ROWS) / Math.max(1, count - 1));
    return klines.slice(start, start + SAMPLE_ROWS);
  });
}
