import { basename } from "node:path";
import { parseArchiveName, parseSeriesName } from "../core/archive.ts";
import { AppError } from "../core/errors.ts";
import { type Kline, type Series, seriesName } from "../core/kline.ts";
import type { KlineFile, KlineFiles } from "../ports/archive_source.ts";
import { checkSum } from "./checksum.ts";
import { checkKlines } from "./kline_checks.ts";
import { readKlineCsv } from "./kline_csv.ts";
import { readKlineZip } from "./kline_zip.ts";

/** Candle files on this machine: zips and CSVs of the archive, or CSVs that wick exported. */
export function createKlineFiles(): KlineFiles {
  return {
    async open(path, named) {
      const name = basename(path);
      const archive = parseArchiveName(name);
      const series = requireSeries(name, archive ?? parseSeriesName(name), named);
      const bytes = await sizeOf(path);
      const isChecked = await check(path, name);
      return {
        ...series,
        name,
        bytes,
        isChecked,
        // A file that nobody vouches for could have been made by anybody.
        origin: archive !== undefined && isChecked ? archive.period : "file",
        candles: () => checkKlines(read(path, name), { ...series, name, range: archive?.range }),
      } satisfies KlineFile;
    },
  };
}

function requireSeries(
  name: string,
  found: Series | undefined,
  named: Partial<Series>,
): Series {
  const symbol = named.symbol ?? found?.symbol;
  const interval = named.interval ?? found?.interval;
  if (symbol === undefined || interval === undefined) {
    throw new AppError(
      "invalid_input",
      `Cannot tell the series of ${name} by its name: give --symbol and --interval`,
    );
  }
  if (found && (symbol !== found.symbol || interval !== found.interval)) {
    throw new AppError(
      "invalid_input",
      `Cannot import ${name} as ${seriesName({ symbol, interval })}: it is ${seriesName(found)}`,
    );
  }
  return { symbol, interval };
}

async function sizeOf(path: string): Promise<number> {
  const { isFile, size } = await reading(path, () => Deno.stat(path));
  if (isFile) return size;
  throw new AppError("not_found", `Cannot read ${path}: it is not a file`);
}

/** Whether a checksum lies beside the file; one that does not hold throws. */
async function check(path: string, name: string): Promise<boolean> {
  const line = await Deno.readTextFile(`${path}.CHECKSUM`).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new AppError("not_found", `Cannot read ${path}.CHECKSUM: ${error.message}`);
  });
  if (line === undefined) return false;
  const file = await reading(path, () => Deno.open(path));
  await checkSum(file.readable, line, name);
  return true;
}

async function* read(path: string, name: string): AsyncGenerator<Kline[]> {
  if (/\.zip$/i.test(name)) {
    const bytes = await reading(path, () => Deno.readFile(path));
    yield* readKlineZip(new Blob([bytes]), name);
  } else {
    const file = await reading(path, () => Deno.open(path));
    yield* readKlineCsv(file.readable, name);
  }
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isAbsent = cause instanceof Deno.errors.NotFound;
    const reason = isAbsent ? "there is no such file" : (cause as Error).message;
    throw new AppError("not_found", `Cannot read ${path}: ${reason}`);
  }
}
