import type { ArchiveFile } from "../../core/archive_file.ts";
import { AppError } from "../../core/errors.ts";
import type { Kline } from "../../core/kline.ts";
import type { TimeRange } from "../../core/time.ts";
import type { ArchiveIndex, ArchiveSource } from "../../ports/archive_source.ts";
import type { SymbolLife } from "../../core/universe/symbol_record.ts";
import type { FoundLives } from "../../ports/universe.ts";
import { pricesOf, rangeOf } from "./symbol_lives.ts";

/** The exchange's archive, and its listing. */
export interface Archive {
  readonly index: ArchiveIndex;
  readonly files: ArchiveSource;
}

/**
 * Looks up the times during which a symbol was traded in the archive's daily candles: consecutive
 * months with files, and the days from the first and the last of these files.
 */
export async function findArchivedLives(
  { index, files }: Archive,
  symbol: string,
  signal: AbortSignal,
): Promise<FoundLives> {
  const series = { symbol, interval: "1d" } as const;
  const months = await index.listFiles(series, "monthly", undefined, signal);
  // The last weeks of a symbol may be in files of single days only.
  const newest = months.at(-1);
  const days = await index.listFiles(series, "daily", undefined, signal);
  const later = days.filter(({ range }) => newest === undefined || range.from >= newest.range.to);
  const published = [...months, ...later];
  if (published.length === 0) return { lives: [] };
  const lives: SymbolLife[] = [];
  for (const own of toRuns(published)) {
    const first = await readCandles(files, own[0]!, signal);
    const last = own.length === 1 ? first : await readCandles(files, own.at(-1)!, signal);
    lives.push(toLife(own, [...first, ...last]));
  }
  return { lives, archived: rangeOfFiles(published) };
}

/** Without a readable file the dates are those of the months. */
function toLife(own: readonly ArchiveFile[], candles: readonly Kline[]): SymbolLife {
  const { from, to } = candles.length === 0 ? rangeOfFiles(own) : rangeOf(candles);
  const prices = candles.length === 0
    ? { firstPrice: undefined, lastPrice: undefined }
    : pricesOf(candles, Infinity);
  return { listedAt: from, delistedAt: to, source: "archive", ...prices };
}

function rangeOfFiles(files: readonly ArchiveFile[]): TimeRange {
  return { from: files[0]!.range.from, to: files.at(-1)!.range.to };
}

/** Files that follow each other without a gap. */
function toRuns(files: readonly ArchiveFile[]): ArchiveFile[][] {
  const runs: ArchiveFile[][] = [];
  for (const file of files) {
    const own = runs.at(-1);
    if (own !== undefined && own.at(-1)!.range.to >= file.range.from) own.push(file);
    else runs.push([file]);
  }
  return runs;
}

/** Candles of a file; none if it cannot be trusted or fetched. */
async function readCandles(
  files: ArchiveSource,
  file: ArchiveFile,
  signal: AbortSignal,
): Promise<Kline[]> {
  try {
    const opened = await files.open(file, signal);
    const parts = opened === undefined ? [] : await Array.fromAsync(opened.candles());
    return parts.flatMap(({ klines }) => klines);
  } catch (error) {
    if (error instanceof AppError && error.code === "bad_payload") return [];
    throw error;
  }
}
