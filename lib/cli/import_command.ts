import { z } from "zod";
import { requireSpace } from "../collector/disk_space.ts";
import { planBackfill } from "../core/history.ts";
import { type ImportReport, runImport } from "../collector/import.ts";
import type { ExchangeContact } from "../collector/offline.ts";
import type { Wick } from "../composition.ts";
import { AppError, describeError } from "../core/errors.ts";
import { seriesName } from "../core/kline.ts";
import type { KlineFile } from "../ports/archive_source.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";
import { intervalFlag, readArguments, symbolFlag } from "./flags.ts";

const HELP = `Usage: deno task import FILE… [options]

Stores the closed candles of files, each file whole or not at all. Takes zips and CSVs of Binance's
archive (data.binance.vision), named as there, and CSVs that wick exported. Header line or not, ms
or µs. A FILE.CHECKSUM beside a file has to hold. Candles that open before
HISTORY_SINCE are left out and counted. What the exchange's API said is never replaced by
what a file says: where they differ, the file's candle is recorded as a conflict.

  --symbol SYMBOL      of files whose names do not say it
  --interval INTERVAL  of files whose names do not say it
  --json               one JSON document on standard output

Exit codes: 0 done, 1 a file could not be imported, 2 bad usage.`;

const flagsSchema = z.object({
  symbol: symbolFlag.exactOptional(),
  interval: intervalFlag.exactOptional(),
  json: z.boolean().default(false),
});

const FLAGS = {
  symbol: { type: "string" },
  interval: { type: "string" },
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
    const { flags: { json, ...named }, files } = readArguments(args, FLAGS, flagsSchema);
    if (files.length === 0) throw new AppError("invalid_input", "Name at least one file to import");
    const contact = { now: wick.services.now, signal: io.signal };
    const outcomes: Outcome[] = [];
    for (const path of files) {
      const outcome = await importOne(wick, path, named, contact);
      outcomes.push(outcome);
      if (!json) printOutcome(outcome, io);
      else if (outcome.error) io.err(describeError(outcome.error));
    }
    if (json) io.out(JSON.stringify({ files: outcomes.map(toJson) }));
    return exitCode(outcomes);
  },
};

/** An expected failure concerns its file alone, unless the store is what fails. */
async function importOne(
  wick: Wick,
  path: string,
  named: Parameters<Wick["files"]["open"]>[1],
  contact: ExchangeContact,
): Promise<Outcome> {
  let file: KlineFile | undefined;
  try {
    file = await wick.files.open(path, named);
    await requireSpace(wick.disk, sizeOnDisk(file));
    const report = await runImport({ ...wick.jobs, contact }, file, contact.signal);
    return { path, file, report, error: undefined };
  } catch (error) {
    const isExpected = error instanceof AppError && error.code !== "store_unavailable";
    if (!isExpected || contact.signal.aborted) throw error;
    return { path, file, report: undefined, error };
  }
}

/** MB of a file's candles in the database: a line of CSV has 110 bytes, in a zip 25. */
function sizeOnDisk({ name, bytes }: KlineFile): number {
  const rows = bytes / (/\.zip$/i.test(name) ? 25 : 110);
  return planBackfill([{ rows }]).megabytes;
}

function exitCode(outcomes: readonly Outcome[]): number {
  const codes = outcomes.flatMap(({ error }) => error?.code ?? []);
  if (codes.length === 0) return EXIT.done;
  return codes.every((code) => code === "invalid_input") ? EXIT.usage : EXIT.failed;
}

function printOutcome({ path, file, report, error }: Outcome, { out, err }: CommandIo): void {
  if (error !== undefined) return err(describeError(error));
  const { rows, fetched, corrected, unchanged, conflicts = 0 } = report!;
  const { before } = report!;
  const open = rows - before - fetched;
  out(
    `${path}: ${seriesName(file!)}, ${rows} candles: ${report!.new} new, ${corrected} corrected, ` +
      `${unchanged} unchanged, ${conflicts} conflicts${open === 0 ? "" : `, ${open} not closed`}` +
      `${before === 0 ? "" : `, ${before} before HISTORY_SINCE left out`} ` +
      `(${file!.isChecked ? "checksum holds" : "no checksum beside it"})`,
  );
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
    },
    error: error === undefined ? null : { code: error.code, message: describeError(error) },
  };
}
