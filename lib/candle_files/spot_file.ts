import { basename } from "node:path";
import { type ArchiveFile, parseArchiveName, parseSeriesName } from "../core/archive_file.ts";
import { AppError } from "../core/errors.ts";
import { type Series, seriesName } from "../core/kline.ts";
import type { KlineFile, NamedSeries, OpenedFile } from "../ports/archive_source.ts";
import { readLayout } from "../binance/files/csv_layout.ts";
import { checkKlines } from "../binance/files/kline_checks.ts";
import type { CsvPart } from "../binance/files/kline_csv.ts";
import { parseFileName } from "./file_names.ts";

/** A CSV of Binance's archive or of wick, possibly in a zip. */
export interface SpotTable {
  /** For messages. */
  readonly path: string;
  /** Names that may contain the series, the more reliable first. */
  readonly names: readonly string[];
  /** True when the file's own name, not only that of a CSV inside it, is one of the archive. */
  readonly isArchive: boolean;
  /** Names that may indicate another market. */
  readonly places: readonly string[];
  readonly bytes: number;
  readonly isZip: boolean;
  readonly isChecked: boolean;
  read(): AsyncIterable<CsvPart>;
}

/** Volumes as the exchange writes them. */
const EXACT_VOLUME = /^\d+\.\d{8}$/;

/**
 * True for a first line in the layout of Binance's archive or of wick's CSV. Rows of Binance's API
 * that another program rewrote with fewer digits have the same columns, and are not meant, unless
 * the file is named as the archive names its files: then they are a sign of another market.
 */
export function isSpotLayout(firstLine: string, isNamedSo: boolean): boolean {
  const cells = firstLine.split(",").map((cell) => cell.trim().replaceAll('"', ""));
  try {
    const { isArchive, hasHeader, places } = readLayout(cells, "");
    const isExact = !hasHeader && EXACT_VOLUME.test(cells[places[5]!] ?? "");
    return isNamedSo || hasHeader || !isArchive || isExact;
  } catch {
    return false;
  }
}

/** Opens such a file; its rows are checked strictly while it is read. */
export function openSpotFile(table: SpotTable, named: NamedSeries): OpenedFile {
  const { path, bytes, isZip, isChecked, places } = table;
  try {
    const names = table.names.map((name) => basename(name));
    const archives = names.map(parseArchiveName);
    const series = requireSeries(path, names, archives, named);
    const archive = archives[0];
    const claim = { places, isZip, isArchiveName: archives.some((one) => one !== undefined) };
    const isTrusted = isChecked && table.isArchive && named.isSpot !== true;
    const file: KlineFile = {
      ...series,
      path,
      format: archive === undefined ? "CSV" : "Binance archive",
      bytes,
      isZip,
      isChecked,
      // A file without a checksum may come from any program.
      origin: isTrusted && archive ? archive.period : "file",
      candles: () =>
        checkKlines(table.read(), {
          path,
          interval: series.interval,
          range: archive?.range,
          claim,
        }),
    };
    return { path, file };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { path, error };
  }
}

/** @throws `invalid_input` without a series, `bad_payload` when names contradict each other */
function requireSeries(
  path: string,
  names: readonly string[],
  archives: readonly (ArchiveFile | undefined)[],
  named: NamedSeries,
): Series {
  const found = names.flatMap((name, i) =>
    archives[i] ?? parseSeriesName(name) ?? fieldSeries(name) ?? []
  );
  const [first, other] = found;
  const isOther = other !== undefined && seriesName(other) !== seriesName(first!);
  const [period, otherPeriod] = archives;
  const inner = names[1];
  const isForeign = inner !== undefined && first && namesOtherSymbol(inner, first.symbol);
  if (isOther || isForeign || period && otherPeriod && period.name !== otherPeriod.name) {
    throw new AppError(
      "bad_payload",
      `Cannot trust ${path}: the CSV inside is ${names[1]}, which is another series or period`,
    );
  }
  const symbol = named.symbol ?? first?.symbol;
  const interval = named.interval ?? first?.interval;
  if (symbol === undefined || interval === undefined) {
    throw new AppError(
      "invalid_input",
      `Cannot read ${path}: its name does not contain the series; pass --symbol and --interval`,
    );
  }
  if (first && (symbol !== first.symbol || interval !== first.interval)) {
    throw new AppError(
      "invalid_input",
      `Cannot import ${path} as ${seriesName({ symbol, interval })}: it is ${seriesName(first)}`,
    );
  }
  return { symbol, interval };
}

/** The series in a name of another program, when it has both parts. */
function fieldSeries(name: string): Series | undefined {
  const { symbol, interval } = parseFileName(name);
  return symbol === undefined || interval === undefined ? undefined : { symbol, interval };
}

/** True when a name such as `ETHUSDT_1h.csv` or `eth-usdt.csv` contains another symbol. */
function namesOtherSymbol(name: string, symbol: string): boolean {
  const letters = name.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
  return /^[\p{L}\p{N}]{2,}(USDT|USDC|FDUSD|TUSD|BUSD)/u.test(letters) && !letters.includes(symbol);
}
