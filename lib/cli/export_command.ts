import { basename } from "node:path";
import { z } from "zod";
import type { Wick } from "../composition/compose_wick.ts";
import { AppError } from "../core/errors.ts";
import { formatCursor } from "../core/cursor.ts";
import { checksumLine } from "../export/checksum_line.ts";
import { openExportFile } from "../export/export_file.ts";
import { FORMAT_LIST } from "../export/export_formats.ts";
import { exportQuerySchema, type ExportRequest, parseExportQuery } from "../export/export_query.ts";
import { withUniverse } from "../export/export_universe.ts";
import { writeFile } from "../export/atomic_file.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";
import { isLake, runLake } from "./export_lake.ts";
import { fileFlag, readFlags, toFlagError } from "./flags.ts";
import { isStdout, writeOutput } from "./output_file.ts";

const HELP = `Usage: deno task export --symbol ETHUSDT --interval 4h [options]
       deno task export --lake DIR [--symbol LIST] [--interval LIST] [--verify] [--json]

Writes stored candles to standard output or a file: the same bytes as /export. With --lake, writes
them to a folder of Parquet files; later runs update only what has changed.

  --symbol LIST     symbols, separated by commas
  --symbols universe  instead of --symbol: the symbols that were traded on the day --at
  --at DAY          day of the universe, UTC
  --quote ASSET     only symbols of the universe against this quote asset
  --interval LIST   intervals, separated by commas
  --from TIME       start of the range; ISO 8601 or epoch ms, inclusive
  --to TIME         end of the range, exclusive
  --as-of TIME      candles as stored at this time, without later revisions
  --after CURSOR    only candles added or revised since an earlier export's cursor
  --format FORMAT   ${FORMAT_LIST}; csv unless given
  --time FORM       iso (default) or ms
  --archive zip     a zip with one file per series
  --rollup          make candles of intervals that are not stored from shorter ones
  --imported        add candles of other programs' files where none of the exchange is stored, and
                    a last column source
  --out FILE        write to FILE; on failure FILE is left unchanged; - is standard output
  --checksum        also write FILE.CHECKSUM for sha256sum --check; requires --out
  --json            print a JSON summary to standard output; requires --out or --lake
  --lake DIR        symbol=…/interval=…/year=…/….parquet, for DuckDB and pandas; every stored
                    series, unless --symbol (names, patterns and groups as in SYMBOLS) or --interval
                    is given
  --verify          compare the files of a lake with its manifest instead of updating it

Exit codes: 0 success, 1 failure, 2 invalid usage.`;

/** Parameters of `/export` that are 1 or absent. */
const SWITCHES = ["rollup", "imported"];

/**
 * Parameters of `/export`; its checksum replaces the file, while --checksum writes a second file.
 */
const NAMES = Object.keys(exportQuerySchema.shape)
  .filter((name) => name !== "checksum" && !SWITCHES.includes(name));
const toFlag = (name: string) => name.replaceAll("_", "-");

const FLAGS = {
  ...Object.fromEntries(NAMES.map((name) => [toFlag(name), { type: "string" as const }])),
  out: { type: "string" },
  checksum: { type: "boolean" },
  rollup: { type: "boolean" },
  imported: { type: "boolean" },
  json: { type: "boolean" },
} as const;

/** Other values are checked by the schema of `/export`. */
const flagsSchema = z.looseObject({
  out: fileFlag.optional(),
  checksum: z.boolean().default(false),
  json: z.boolean().default(false),
});

type Flags = z.output<typeof flagsSchema>;

/** `deno task export`: the files of `/export`, without a server. */
export const exportCommand: Command = {
  does: "write stored candles to standard output or to a file",
  help: HELP,
  async run(wick, args, io) {
    if (isLake(args)) return await runLake(wick, args, io);
    const flags = readFlags(args, FLAGS, flagsSchema);
    await exportFile(wick, flags, io).catch((error) => {
      throw toFlagError(error);
    });
    return EXIT.done;
  },
};

async function exportFile(wick: Wick, flags: Flags, { signal, out }: CommandIo): Promise<void> {
  const request = await withUniverse(wick.services, toRequest(flags));
  if (flags.out === undefined || isStdout(flags.out)) {
    refuseToStdout(request, flags);
    return await toStdout(wick, request, signal);
  }
  const report = await toFile(wick, request, flags.out, signal);
  if (flags.checksum) await writeChecksum(flags.out, signal);
  out(flags.json ? JSON.stringify(report) : `Wrote ${report.rows} candles to ${flags.out}`);
}

/** @throws `invalid_input` */
function toRequest(flags: Record<string, unknown>): ExportRequest {
  const params = new URLSearchParams();
  for (const name of NAMES) {
    const value = flags[toFlag(name)];
    if (typeof value === "string") params.set(name, value);
  }
  for (const name of SWITCHES) if (flags[name] === true) params.set(name, "1");
  return parseExportQuery(params);
}

function refuseToStdout({ format, archive }: ExportRequest, { json, checksum }: Flags): void {
  if (json || checksum) {
    const flag = json ? "--json" : "--checksum";
    throw new AppError(
      "invalid_input",
      `${flag} requires --out FILE: candles go to standard output`,
    );
  }
  const isBinary = format === "parquet" || archive !== undefined;
  if (isBinary && Deno.stdout.isTerminal()) {
    throw new AppError(
      "invalid_input",
      "--out FILE is required: this format is binary and standard output is a terminal",
    );
  }
}

async function toStdout(wick: Wick, request: ExportRequest, signal: AbortSignal): Promise<void> {
  const file = await openExportFile(wick.services.exporter, request);
  await writeOutput("-", file.bytes(), signal);
}

async function toFile(wick: Wick, request: ExportRequest, path: string, signal: AbortSignal) {
  const file = await openExportFile(wick.services.exporter, request);
  const rows = file.heads.reduce((sum, head) => sum + head.rows, 0);
  const gaps = file.heads.reduce((sum, head) => sum + head.gaps, 0);
  await writeFile(path, file.bytes(), { signal });
  const isDerived = file.heads.some(({ derived }) => derived !== undefined);
  const cursor = isDerived ? null : formatCursor(file.heads.map(({ next }) => next));
  return { file: path, rows, gaps, next_cursor: cursor };
}

async function writeChecksum(path: string, signal: AbortSignal): Promise<void> {
  const { readable } = await Deno.open(path);
  await writeFile(`${path}.CHECKSUM`, checksumLine(readable, basename(path)), { signal });
}
