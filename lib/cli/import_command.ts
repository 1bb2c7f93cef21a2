import { z } from "zod";
import { requireSpace } from "../collector/disk_space.ts";
import { planBackfill } from "../core/remaining_history.ts";
import { type ImportReport, runImport } from "../collector/files/import.ts";
import type { ExchangeContact } from "../collector/files/offline.ts";
import type { Wick } from "../composition/compose_wick.ts";
import { AppError, describeError } from "../core/errors.ts";
import { seriesName } from "../core/kline.ts";
import type { KlineFile, OpenedFile } from "../ports/archive_source.ts";
import type { ImportedCount } from "../ports/imported_store.ts";
import { FORMAT_IDS } from "../core/candle_formats.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";
import { candleFileFlags, candleFileSchema, readArguments } from "./flags.ts";

const HELP = `Usage: deno task import FILE|FOLDER|PATTERN|postgres://… [options]

Stores the closed candles of files. Each file is imported separately: one that fails is reported, and
the others continue. A folder stands for all candle files below it. Formats are detected by content:

  Binance archive        zip or CSV of data.binance.vision, times in ms or µs
  wick                   exports in csv, binance, json, ndjson and Parquet, also of several series
  freqtrade              feather, parquet, json and jsongz
  Gekko                  SQLite, one series per table of candles
  jesse                  its PostgreSQL database: postgres://USER:PASSWORD@HOST/DATABASE
  rows of Binance's API  JSON arrays, and CSVs of python-binance and similar scripts
  CryptoDataDownload, TradingView, yfinance, and other CSVs with time, open, high, low, close

Text may be UTF-8 or UTF-16, with any line ends, separated by commas, semicolons, tabs or bars, with
decimal commas, oldest or newest first, and compressed with gzip or Zstandard.

Complete candles with all digits are stored like those of the archive. Candles that lack columns or
digits are kept apart from the exchange's: they are shown only where no candle of the exchange is
stored, and deleted as soon as one is. Nothing missing is invented. The newest candle of a file is left
out unless its format has closed candles only.

A FILE.CHECKSUM next to a file must match. An invalid row is reported and skipped; of rows that
contradict each other, none is stored; a file with more than 10 % invalid rows is rejected. Candles
from the exchange's API are never replaced by those of a file: where they differ, the file's candle is
recorded as a conflict. Candles that open before HISTORY_SINCE are skipped and counted.

Files of futures, mark, index and premium index prices have the same names as spot files. wick rejects
a file that looks like one: a header line in a zip, ms instead of µs from 2025 on, volume 0 throughout,
prices that differ from those stored or served by the exchange, or a name or path that says so.

  --symbol SYMBOL      symbol of files that do not state it
  --interval INTERVAL  interval of files that do not state it
  --table TABLE        table of a database; default: candle, as jesse names it
  --format FORMAT      ${FORMAT_IDS.join(", ")}
  --market spot        import as spot candles regardless of these signs; recorded with the run
  --json               print one JSON document to standard output

Exit codes: 0 success, 1 a file or a row could not be imported, 2 invalid usage.`;

const flagsSchema = candleFileSchema.extend({
  market: z.enum(["spot"], "must be spot, the only market that wick supports").exactOptional(),
});

const FLAGS = { ...candleFileFlags, market: { type: "string" } } as const;

/** The result for a file. */
interface Outcome {
  readonly path: string;
  readonly file: KlineFile | undefined;
  readonly report: ImportReport | undefined;
  readonly error: AppError | undefined;
}

/** `deno task import`: stores candles of files through the collector. */
export const importCommand: Command = {
  does: "store the candles of files, of Binance and of other programs",
  help: HELP,
  async run(wick, args, io) {
    const { flags: { json, market, ...named }, files } = readArguments(args, FLAGS, flagsSchema);
    if (files.length === 0) throw new AppError("invalid_input", "Name at least one file to import");
    const contact = { now: wick.services.now, signal: io.signal };
    const { paths, skipped } = await wick.files.find(files);
    if (paths.length === 0) {
      throw new AppError("not_found", `Cannot find candle files in ${files.join(", ")}`);
    }
    const outcomes: Outcome[] = [];
    for (const path of paths) {
      for (const opened of await wick.files.open(path, { ...named, isSpot: market === "spot" })) {
        const outcome = await importOne(wick, opened, { contact, isSpot: market === "spot" });
        outcomes.push(outcome);
        if (json) printProblems(outcome, io);
        else printOutcome(outcome, io);
      }
    }
    if (skipped > 0) io.err(`Skipped ${skipped} files of other kinds`);
    if (json) io.out(JSON.stringify({ files: outcomes.map(toJson) }));
    return exitCode(outcomes);
  },
};

/** An expected failure affects only its file, unless the database is unavailable. */
async function importOne(
  wick: Wick,
  { path, file, error }: OpenedFile,
  own: { readonly contact: ExchangeContact; readonly isSpot: boolean },
): Promise<Outcome> {
  if (file === undefined) return { path, file, report: undefined, error };
  try {
    await requireSpace(wick.disk, sizeOnDisk(file));
    const report = await runImport({ ...wick.jobs, ...own }, file, own.contact.signal);
    return { path, file, report, error: undefined };
  } catch (error) {
    const isExpected = error instanceof AppError && error.code !== "store_unavailable";
    if (!isExpected || own.contact.signal.aborted) throw error;
    return { path, file, report: undefined, error };
  }
}

/** MB of a file's candles in the database, estimated from 110 bytes per CSV line, 25 in a zip. */
function sizeOnDisk({ isZip, bytes }: KlineFile): number {
  const rows = bytes / (isZip ? 25 : 110);
  return planBackfill([{ rows }]).megabytes;
}

function exitCode(outcomes: readonly Outcome[]): number {
  if (outcomes.every(({ error }) => error?.code === "invalid_input")) return EXIT.usage;
  const isWhole = outcomes.every(({ report }) =>
    report?.refused.length === 0 && openOf(report) <= 1
  );
  return isWhole ? EXIT.done : EXIT.failed;
}

/** Number of invalid rows that are printed. */
const MAX_PRINTED = 20;

function printProblems({ path, report, error }: Outcome, { err }: CommandIo): void {
  if (error !== undefined) return err(describeError(error));
  const { refused, overridden } = report!;
  for (const row of refused.slice(0, MAX_PRINTED)) err(`Skipped in ${path}, ${row}`);
  if (refused.length > MAX_PRINTED) err(`Skipped in ${path}: ${refused.length} rows in total`);
  const open = openOf(report!);
  if (open > 1) {
    err(`Skipped in ${path}: ${open} candles close after now, so their times are wrong`);
  }
  if (overridden.length > 0) err(`Imported ${path} as spot, although ${overridden.join("; ")}`);
}

function printOutcome(outcome: Outcome, io: CommandIo): void {
  printProblems(outcome, io);
  const { path, file, report } = outcome;
  if (report === undefined) return;
  const { format, isChecked } = file!;
  const proof = isChecked ? "checksum matches" : "no checksum file";
  const head = `${path}: ${format}, ${seriesName(file!)}, ${report.rows} candles`;
  io.out(`${head}: ${describeCounts(report).join(", ")} (${proof})`);
  report.findings.forEach((finding) => io.out(`${path}: ${finding}`));
}

function describeCounts(report: ImportReport): string[] {
  const { before, fetched, corrected, unchanged, conflicts = 0, repeated, refused } = report;
  const weak = report.imported === undefined ? [] : describeImported(report.imported);
  const hasExact = report.imported === undefined || fetched > 0;
  const open = openOf(report);
  const exact = [
    `${report.new} new`,
    `${corrected} corrected`,
    `${unchanged} unchanged`,
    `${conflicts} conflicts`,
  ];
  return [
    hasExact ? exact : [],
    weak,
    open === 0 ? [] : [`${open} not closed`],
    before === 0 ? [] : [`${before} before HISTORY_SINCE skipped`],
    repeated === 0 ? [] : [`${repeated} repeated`],
    refused.length === 0 ? [] : [`${refused.length} invalid rows skipped`],
  ].flat();
}

/** Candles that had not closed: one at most in a file of the present. */
const openOf = ({ rows, before, fetched, imported }: ImportReport) =>
  rows - before - fetched - sum(imported);

const sum = (count: ImportedCount | undefined) =>
  Object.values(count ?? {}).reduce((total, one) => total + one, 0);

/** Counts of candles with missing columns or digits. */
function describeImported(count: ImportedCount): string[] {
  const clauses: [number, string][] = [
    [count.new, "kept apart from the exchange's: columns or digits are missing"],
    [count.improved, "kept apart in place of weaker ones"],
    [count.unchanged, "kept apart before"],
    [count.kept, "differ from an earlier import, which stays"],
    [count.confirmed, "equal to the exchange's"],
    [count.contradicted, "differ from the exchange's, which stay"],
  ];
  return clauses.flatMap(([candles, words]) => candles === 0 ? [] : [`${candles} ${words}`]);
}

function toJson({ path, file, report, error }: Outcome) {
  return {
    file: path,
    symbol: file?.symbol ?? null,
    interval: file?.interval ?? null,
    checksum: file === undefined ? null : file.isChecked ? "holds" : "missing",
    source: file?.origin ?? null,
    format: file?.format ?? null,
    ...report === undefined ? {} : {
      rows: report.rows,
      new: report.new,
      corrected: report.corrected,
      unchanged: report.unchanged,
      conflicts: report.conflicts ?? 0,
      imported: report.imported ?? null,
      findings: report.findings,
      not_closed: openOf(report),
      before_history_since: report.before,
      repeated: report.repeated,
      left_out: report.refused,
      overridden: report.overridden,
    },
    error: error === undefined ? null : { code: error.code, message: describeError(error) },
  };
}
