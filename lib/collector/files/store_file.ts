import type { ImportedCandle } from "../../core/imported_candle.ts";
import { isClosed, type Kline } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import type { FilePart, KlineFile } from "../../ports/archive_source.ts";
import type { ImportedCount, ImportedStore } from "../../ports/imported_store.ts";
import { type CollectorDeps, storeClosed } from "../collect.ts";

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
  /** Store of candles with missing columns or digits; without it, they are an error. */
  readonly imported?: ImportedStore;
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
  /** See `FilePart`. */
  readonly findings: readonly string[];
  /** Result for candles with missing columns or digits; `undefined` without any. */
  readonly imported: ImportedCount | undefined;
}

/** Opening time and prices of a candle, and its volume where the file has one. */
export type PricedCandle =
  & Pick<Kline, "openTime" | "openPrice" | "highPrice" | "lowPrice" | "closePrice">
  & Pick<ImportedCandle, "volume">;

/** Summary of a file that was read. */
export interface FileDigest extends Omit<FileRows, "before" | "imported"> {
  /** See `FilePart`. */
  readonly doubts: readonly string[];
  /** Ranges of consecutive candles, including the first and the last of the file. */
  readonly samples: readonly (readonly PricedCandle[])[];
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
  let imported: ImportedCount | undefined;
  for await (const part of kept === undefined ? file.candles() : [kept]) {
    signal.throwIfAborted();
    const klines = part.klines.filter(({ openTime }) => openTime >= since);
    before += part.klines.length - klines.length;
    if (part.klines.length > 0) await storeClosed(deps, file, [{ klines, serverTime }]);
    const weak = part.imported.filter(({ openTime }) => openTime >= since);
    before += part.imported.length - weak.length;
    if (part.imported.length === 0) continue;
    imported = addCounts(imported, await storeImported(deps, file, terms, { weak, serverTime }));
  }
  const { rows, repeated, refused, findings } = digest;
  return { rows, before, repeated, refused, findings, imported };
}

interface WeakPart {
  readonly weak: readonly ImportedCandle[];
  readonly serverTime: EpochMs;
}

async function storeImported(
  { runId }: CollectorDeps,
  file: KlineFile,
  { imported }: FileTerms,
  { weak, serverTime }: WeakPart,
): Promise<ImportedCount> {
  if (imported === undefined) throw new TypeError(`No store for the candles of ${file.path}`);
  const closed = weak.filter((candle) => isClosed(candle, file.interval, serverTime));
  return await imported.write(file, closed, runId);
}

function addCounts(a: ImportedCount | undefined, b: ImportedCount): ImportedCount {
  if (a === undefined) return b;
  return {
    new: a.new + b.new,
    improved: a.improved + b.improved,
    unchanged: a.unchanged + b.unchanged,
    kept: a.kept + b.kept,
    confirmed: a.confirmed + b.confirmed,
    contradicted: a.contradicted + b.contradicted,
  };
}

/** A file's candles, when they are few enough to be kept. */
type KeptCandles = Pick<FilePart, "klines" | "imported">;

/**
 * Reads and checks the whole file; `kept` holds its candles, ascending, unless there are too many.
 */
async function readThrough(file: KlineFile, signal: AbortSignal) {
  let kept: { klines: Kline[]; imported: ImportedCandle[] } | undefined = {
    klines: [],
    imported: [],
  };
  const count = { rows: 0, repeated: 0 };
  const refused: string[] = [];
  const doubts: string[] = [];
  const findings: string[] = [];
  const samples: (readonly PricedCandle[])[] = [];
  for await (const part of file.candles()) {
    signal.throwIfAborted();
    count.rows += part.klines.length + part.imported.length;
    count.repeated += part.repeated;
    for (const one of part.refused) refused.push(one);
    for (const one of part.doubts) doubts.push(one);
    for (const one of part.findings) findings.push(one);
    if (count.rows > MAX_KEPT) kept = undefined;
    for (const kline of part.klines) kept?.klines.push(kline);
    for (const candle of part.imported) kept?.imported.push(candle);
    if (part.klines.length > 0) addSamples(samples, part.klines);
    if (part.imported.length > 0) addSamples(samples, part.imported);
  }
  kept?.klines.sort((a, b) => a.openTime - b.openTime);
  kept?.imported.sort((a, b) => a.openTime - b.openTime);
  const digest: FileDigest = {
    rows: count.rows,
    repeated: count.repeated,
    refused,
    doubts,
    findings,
    samples: kept === undefined ? samples : spread(byTime(kept)),
  };
  return { digest, kept };
}

function byTime({ klines, imported }: KeptCandles): PricedCandle[] {
  return [...klines, ...imported].sort((a, b) => a.openTime - b.openTime);
}

/** The first and last candles of each part; parts in the middle are sampled. */
function addSamples(
  samples: (readonly PricedCandle[])[],
  candles: readonly PricedCandle[],
): void {
  if (samples.length >= MAX_SAMPLES) samples.splice(1 + samples.length % (MAX_SAMPLES - 1), 1);
  if (samples.length === 0) samples.push(candles.slice(0, SAMPLE_ROWS));
  samples.push(candles.slice(-SAMPLE_ROWS));
}

function spread(candles: readonly PricedCandle[]): (readonly PricedCandle[])[] {
  if (candles.length === 0) return [];
  const count = Math.min(MAX_SAMPLES, Math.ceil(candles.length / SAMPLE_ROWS));
  return Array.from({ length: count }, (_, i) => {
    const start = Math.round(
      i * Math.max(0, candles.length - SAMPLE_ROWS) / Math.max(1, count - 1),
    );
    return candles.slice(start, start + SAMPLE_ROWS);
  });
}
