import { AppError } from "../../../lib/core/errors.ts";
import { type Interval, isInterval } from "../../../lib/core/interval.ts";
import type { Series } from "../../../lib/core/kline.ts";

/** A CSV file and the series that its name announces. */
export interface CsvFile extends Series {
  readonly path: string;
}

/** `SYMBOL-INTERVAL`, then a dot or dash and anything, then `.csv`. */
const NAME = /^([\p{Lu}\p{Lo}\p{N}]{1,20})-([0-9]+(?:mo|[smhdwM]))[.-](?:.*\.)?csv$/u;

/**
 * The candle files among `paths`, folders searched one level deep, in the order given.
 *
 * @throws {AppError} `invalid_input` for a path that is neither, or when there is no file at all
 */
export function findCsvFiles(paths: readonly string[]): CsvFile[] {
  const files = paths.flatMap((path) => isFolder(path) ? filesIn(path) : namedFile(path));
  if (files.length === 0) {
    throw new AppError(
      "invalid_input",
      `Cannot replay candles: no SYMBOL-INTERVAL.csv in ${paths}`,
    );
  }
  return files;
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    throw new AppError("invalid_input", `Cannot replay candles: ${path}`, { cause: error });
  }
}

function filesIn(folder: string): CsvFile[] {
  return [...Deno.readDirSync(folder)]
    .filter((entry) => !entry.isDirectory)
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => {
      const series = seriesIn(name);
      return series === undefined ? [] : { ...series, path: `${folder}/${name}` };
    });
}

function namedFile(path: string): CsvFile {
  const series = seriesIn(path.split("/").at(-1)!);
  if (series === undefined) {
    throw new AppError(
      "invalid_input",
      `Cannot replay candles: ${path} is not named like BTCUSDT-1h.csv`,
    );
  }
  return { ...series, path };
}

function seriesIn(name: string): Series | undefined {
  const [, symbol, unit] = NAME.exec(name) ?? [];
  const interval = unit === "1mo" ? "1M" : unit;
  if (symbol === undefined || interval === undefined || !isInterval(interval)) return undefined;
  return { symbol, interval: interval as Interval };
}
