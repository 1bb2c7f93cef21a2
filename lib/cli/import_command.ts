import { z } from "zod";
import { requireSpace } from "../collector/disk_space.ts";
import { planBackfill } from "../core/remaining_history.ts";
import { type ImportReport, runImport } from "../collector/import.ts";
import type { ExchangeContact } from "../collector/offline.ts";
import type { Wick } from "../composition/compose_wick.ts";
import { AppError, describeError } from "../core/errors.ts";
import { seriesName } from "../core/kline.ts";
import { intervalRule, symbolRule } from "../core/parameter_rules.ts";
import type { KlineFile, OpenedFile } from "../ports/archive_source.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";
import { readArguments } from "./flags.ts";

const HELP = `Usage: deno task import FILE|FOLDER… [options]

Stores the closed candles of files. Each file is imported separately: one that fails is reported, and
the others continue. Accepts zips and CSVs of Binance's spot archive (data.binance.vision) under their
original names, wick's exports with format=csv or format=binance, also zipped (archive=zip), and wick
CSVs rewritten by pandas or DuckDB. Not supported yet: ndjson, json, Parquet, several series in one
table. A folder stands for all .csv and .zip files below it.

A FILE.CHECKSUM next to a file must match. An invalid row is reported and skipped; a file with more
than 10 % invalid rows, or with two values for one open time, is rejected. Candles from the exchange's
API are never replaced by those of a file: where they differ, the file's candle is recorded as a
conflict. Numbers with fewer digits never replace exact ones. Candles that open before HISTORY_SINCE
are skipped and counted.

Files of futures, mark, index and premium index prices have the same names as spot files. wick rejects
a file that looks like one: a header line in a zip, ms instead of µs from 2025 on, volume 0 throughout,
prices that differ from those stored or served by the exchange, or a path such as futures/um.

  --symbol SYMBOL      symbol of files whose names do not contain it
  --interval INTERVAL  interval of files whose names do not contain it
  --market spot        import as spot candles regardless of these signs; recorded with the run
  --json               print one JSON document to standard output

Exit codes: 0 success, 1 a file or a row could not be imported, 2 invalid usage.`;

const flagsSchema = z.object({
  symbol: symbolRule.exactOptional(),
  interval: intervalRule.exactOptional(),
  market: z.enum(["spot"], "must be spot, the only market that wick supports").exactOptional(),
  json: z.boolean().default(false),
});

const FLAGS = {
  symbol: { type: "string" },
  interval: { type: "string" },
  market: { type: "string" },
  json: { type: "boolean" },
} as const;

/** The result for a file. */
interface Outcome {
  readonly path: string;
  readonly file: KlineFile | undefined;
  readonly report: ImportReport | undefined;
  readonly error: AppError | undefined;
}

/** `deno task import`: stores candles of files through the collector. */
export const importCommand: Command = {
  does: "store the candles of archive zips and CSV files",
  help: HELP,
  async run(wick, args, io) {
    const { flags: { json, market, ...named }, files } = readArguments(args, FLAGS, flagsSchema);
    if (files.length === 0) throw new AppError("invalid_input", "Name at least one file to import");
    const contact = { now: wick.services.now, signal: io.signal };
    const { paths, skipped } = await wick.files.find(files);
    if (paths.length === 0) {
      throw new AppError("not_found", `Cannot find .csv or .zip files in ${files.join(", ")}`);
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
    if (skipped > 0) io.err(`Skipped ${skipped} files that are neither .csv nor .zip`);
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
  const isWhole = outcomes.every(({ report }) => report?.refused.length === 0);
  return isWhole ? EXIT.done : EXIT.failed;
}

/** Number of invalid rows that are printed. */
const MAX_PRINTED = 20;

function printProblems({ path, report, error }: Outcome, { err }: CommandIo): void {
  if (error !== undefined) return err(describeError(error));
  const { refused, overridden } = report!;
  for (const row of refused.slice(0, MAX_PRINTED)) err(`Skipped in ${path}, ${row}`);
  if (refused.length > MAX_PRINTED) err(`Skipped in ${path}: ${refused.length} rows in total`);
  if (overridden.length > 0) err(`Imported ${path} as spot, although ${overridden.join("; ")}`);
}

function printOutcome(outcome: Outcome, io: CommandIo): void {
  printProblems(outcome, io);
  const { path, file, report } = outcome;
  if (report === undefined) return;
  const { rows, before, fetched, corrected, unchanged, conflicts = 0, repeated, refused } = report;
  const open = rows - before - fetched;
  const parts = [
    `${report.new} new`,
    `${corrected} corrected`,
    `${unchanged} unchanged`,
    `${conflicts} conflicts`,
    ...open === 0 ? [] : [`${open} not closed`],
    ...before === 0 ? [] : [`${before} before HISTORY_SINCE skipped`],
    ...repeated === 0 ? [] : [`${repeated} repeated`],
    ...refused.length === 0 ? [] : [`${refused.length} invalid rows skipped`],
  ];
  const proof = file!.isChecked ? "checksum matches" : "no checksum file";
  io.out(`${path}: ${seriesName(file!)}, ${rows} candles: ${parts.join(", ")} (${proof})`);
}

function toJson({ path, file, report, error }: Outcome) {
  return {
    file: path,
    symbol: file?.symbol ?? null,
    interval: file?.interval ?? null,
    checksum: file === undefined ? null : file.isChecked ? "holds" : "missing",
    source: file?.origin ?? null,
    ...report === undefined ? {} : {
      rows: report.rows,
      new: report.new,
      corrected: report.corrected,
      unchanged: report.unchanged,
      conflicts: report.conflicts ?? 0,
      not_closed: report.rows - report.before - report.fetched,
      before_history_since: report.before,
      repeated: report.repeated,
      left_out: report.refused,
      overridden: report.overridden,
    },
    error: error === undefined ? null : { code: error.code, message: describeError(error) },
  };
}
