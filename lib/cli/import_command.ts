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

Stores the closed candles of files, each file on its own: one that cannot be imported is reported and
costs nothing but itself. Takes zips and CSVs of Binance's spot archive (data.binance.vision), named
as there, wick's exports with format=csv or format=binance, also in a zip (archive=zip), and wick's
CSV after pandas or DuckDB have written it again. Not yet: ndjson, json, Parquet, tables of several
series. A folder stands for all .csv and .zip files in it and below.

A FILE.CHECKSUM beside a file has to hold. A row that is no candle is reported and left out; a file
with more than a tenth of such rows, or with two values for one open time, is refused whole. What the
exchange's API said is never replaced by what a file says: where they differ, the file's candle is
recorded as a conflict. Numbers that have lost digits replace none that have them. Candles that open
before HISTORY_SINCE are left out and counted.

Files of futures, mark, index and premium index prices are named as spot files are. What looks like
one is refused: a header line in a zip, ms instead of µs from 2025 on, volume 0 throughout, prices
other than those stored or served by the exchange, a path such as futures/um.

  --symbol SYMBOL      of files whose names do not say it
  --interval INTERVAL  of files whose names do not say it
  --market spot        the files are spot candles whatever they look like; recorded with the run
  --json               one JSON document on standard output

Exit codes: 0 done, 1 a file or a row could not be imported, 2 bad usage.`;

const flagsSchema = z.object({
  symbol: symbolRule.exactOptional(),
  interval: intervalRule.exactOptional(),
  market: z.enum(["spot"], "must be spot, the only market that wick keeps").exactOptional(),
  json: z.boolean().default(false),
});

const FLAGS = {
  symbol: { type: "string" },
  interval: { type: "string" },
  market: { type: "string" },
  json: { type: "boolean" },
} as const;

/** What became of a file. */
interface Outcome {
  readonly path: string;
  readonly file: KlineFile | undefined;
  readonly report: ImportReport | undefined;
  readonly error: AppError | undefined;
}

/** `deno task import`: files of candles through the collector's door. */
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
    if (skipped > 0) io.err(`Left out ${skipped} files that are neither .csv nor .zip`);
    if (json) io.out(JSON.stringify({ files: outcomes.map(toJson) }));
    return exitCode(outcomes);
  },
};

/** An expected failure concerns its file alone, unless the store is what fails. */
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

/** MB of a file's candles in the database: a line of CSV has 110 bytes, in a zip 25. */
function sizeOnDisk({ isZip, bytes }: KlineFile): number {
  const rows = bytes / (isZip ? 25 : 110);
  return planBackfill([{ rows }]).megabytes;
}

function exitCode(outcomes: readonly Outcome[]): number {
  if (outcomes.every(({ error }) => error?.code === "invalid_input")) return EXIT.usage;
  const isWhole = outcomes.every(({ report }) => report?.refused.length === 0);
  return isWhole ? EXIT.done : EXIT.failed;
}

/** Rows at fault that are printed one by one. */
const MAX_PRINTED = 20;

function printProblems({ path, report, error }: Outcome, { err }: CommandIo): void {
  if (error !== undefined) return err(describeError(error));
  const { refused, overridden } = report!;
  for (const row of refused.slice(0, MAX_PRINTED)) err(`Left out of ${path}, ${row}`);
  if (refused.length > MAX_PRINTED) err(`Left out of ${path}: ${refused.length} rows in all`);
  if (overridden.length > 0) err(`Took ${path} for spot, although ${overridden.join("; ")}`);
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
    ...before === 0 ? [] : [`${before} before HISTORY_SINCE left out`],
    ...repeated === 0 ? [] : [`${repeated} repeated`],
    ...refused.length === 0 ? [] : [`${refused.length} rows left out`],
  ];
  const proof = file!.isChecked ? "checksum holds" : "no checksum beside it";
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
