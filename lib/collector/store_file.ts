import type { Kline } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { KlineFile } from "../ports/archive_source.ts";
import { type CollectorDeps, storeClosed } from "./collect.ts";

/** Candles kept between checking a file and storing it; a month of 1m candles fits. */
const MAX_KEPT = 50_000;
/** Candles of a file that are compared with others: stretches of it, from all over. */
const SAMPLE_ROWS = 50;
const MAX_SAMPLES = 10;

/** Which candles of a file are stored. */
export interface FileTerms {
  /** Those that open from here on, and not before `HISTORY_SINCE`; all unless given. */
  readonly since?: EpochMs;
  /**
   * Asked when the file has been read and nothing is stored yet: throws to refuse it, or returns the
   * exchange's time, by which stored candles have to be closed.
   */
  readonly admit: (digest: FileDigest) => Promise<EpochMs>;
}

/** What was in a file. */
export interface FileRows {
  /** Candles, each counted once. */
  readonly rows: number;
  /** Candles that open before the time from which on they are wanted: not stored. */
  readonly before: number;
  readonly repeated: number;
  /** Rows that are no candle, in words. */
  readonly refused: readonly string[];
}

/** A file that has been read, in short. */
export interface FileDigest extends Omit<FileRows, "before"> {
  /** See `FilePart`. */
  readonly doubts: readonly string[];
  /** Stretches of consecutive candles, the first and the last of the file among them. */
  readonly samples: readonly (readonly Kline[])[];
}

/**
 * Stores the candles of a file, all that are wanted or none: the file is read to its end before the
 * first one is stored. Up to MAX_KEPT candles are one transaction; of more, each part is one. Returns
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

/** Reads and checks all of a file; `kept` is what was in it, ascending, unless that is too much. */
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

/** The first and the last candles of all parts but the middle ones, which are thinned out. */
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
