import { parseSeriesName } from "../../../lib/core/archive_file.ts";
import { AppError } from "../../../lib/core/errors.ts";
import type { Interval } from "../../../lib/core/interval.ts";
import type { Series } from "../../../lib/core/kline.ts";
import type { EpochMs } from "../../../lib/core/time.ts";
import type { KlineRow } from "../market/kline_row.ts";
import { ReplayMarket } from "./replay_market.ts";
import { readSavedCandles } from "./saved_candles.ts";

/**
 * The markets that the files and folders hold, in the order of the paths. Files of one series are
 * merged; of several candles with one open time the last one counts.
 *
 * @throws {AppError} `invalid_input`, naming the path, and the line if it is known
 */
export function loadMarkets(paths: readonly string[], since: EpochMs): ReplayMarket[] {
  const symbols = new Map<string, Map<Interval, KlineRow[]>>();
  for (const { path, symbol, interval } of findCsvFiles(paths)) {
    const rows = readSavedCandles(Deno.readTextFileSync(path), interval, path)
      .filter(([open]) => open >= since);
    const intervals = symbols.get(symbol) ?? new Map<Interval, KlineRow[]>();
    intervals.set(interval, [...intervals.get(interval) ?? [], ...rows]);
    symbols.set(symbol, intervals);
  }
  return [...symbols].map(([symbol, rows]) => new ReplayMarket(symbol, rows));
}

/** A CSV file and the series in its name. */
interface CsvFile extends Series {
  readonly path: string;
}

/** Folders are searched one level deep; other files in them are skipped. */
function findCsvFiles(paths: readonly string[]): CsvFile[] {
  return paths.flatMap((path) => {
    const found = isFolder(path)
      ? namesIn(path).flatMap((name) => toCsvFile(`${path}/${name}`))
      : toCsvFile(path);
    if (found.length > 0) return found;
    throw new AppError(
      "invalid_input",
      `Cannot replay candles of ${path}: no file named like BTCUSDT-1h.csv`,
    );
  });
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    throw new AppError("invalid_input", `Cannot replay candles of ${path}`, { cause: error });
  }
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].filter(({ isDirectory }) => !isDirectory)
    .map(({ name }) => name).sort();
}

function toCsvFile(path: string): CsvFile[] {
  const series = path.endsWith(".csv") ? parseSeriesName(path.split("/").at(-1)!) : undefined;
  return series === undefined ? [] : [{ path, ...series }];
}
