import { z } from "zod";
import type { Wick } from "../composition/compose_wick.ts";
import { AppError } from "../core/errors.ts";
import type { Series } from "../core/kline.ts";
import { updateLake } from "../lake/update_lake.ts";
import { verifyLake } from "../lake/verify_lake.ts";
import { type CommandIo, EXIT } from "./command.ts";
import { fileFlag, readFlags, type SeriesFlags, seriesFlags, seriesSchema } from "./flags.ts";
import { isStdout } from "./output_file.ts";

const FLAGS = {
  ...seriesFlags,
  lake: { type: "string" },
  verify: { type: "boolean" },
} as const;

const flagsSchema = seriesSchema.extend({
  lake: fileFlag,
  verify: z.boolean().default(false),
});

/** True when `export` is to write a folder instead of a file. */
export function isLake(args: readonly string[]): boolean {
  return args.some((arg) => /^--(lake(=|$)|verify$)/.test(arg));
}

/** `deno task export --lake DIR`; returns the exit code. */
export async function runLake(wick: Wick, args: string[], io: CommandIo): Promise<number> {
  const flags = readFlags(args, FLAGS, flagsSchema);
  if (isStdout(flags.lake)) {
    throw new AppError("invalid_input", "--lake must be a folder: a lake has several files");
  }
  return flags.verify ? await verify(flags, io) : await update(wick, flags, io);
}

type Flags = z.output<typeof flagsSchema>;

async function update(wick: Wick, flags: Flags, io: CommandIo): Promise<number> {
  const report = await updateLake(wick.lake, {
    root: flags.lake,
    isSelected: await toSelected(wick, flags),
    signal: io.signal,
    now: wick.services.now,
    ...Deno.stderr.isTerminal()
      ? {
        onSeries: ({ symbol, interval, rows }, place, total) =>
          io.err(`${symbol} ${interval}: ${count(rows)} candles (${place} of ${total})`),
      }
      : {},
  });
  const { series, rows, written, writtenRows, writtenBytes, removed, failed } = report;
  for (const line of failed) io.err(line);
  if (flags.json) {
    io.out(JSON.stringify({
      lake: flags.lake,
      series,
      files: report.files,
      rows,
      written_files: written,
      written_rows: writtenRows,
      written_bytes: writtenBytes,
      removed_files: removed,
      failed,
    }));
  } else if (series === 0 && failed.length === 0) {
    io.out("No candles are stored yet: `deno task start` or `deno task collect` collects them");
  } else {
    io.out(
      `Wrote ${files(written)} with ${count(writtenRows)} candles to ${flags.lake}, removed ` +
        `${count(removed)}: ${files(report.files)} with ${count(rows)} candles of ` +
        `${count(series)} series`,
    );
  }
  return failed.length > 0 ? EXIT.failed : EXIT.done;
}

async function toSelected(
  wick: Wick,
  { symbol, interval }: SeriesFlags,
): Promise<((series: Series) => boolean) | undefined> {
  if (symbol === undefined && interval === undefined) return undefined;
  const selected = symbol && await wick.symbols.selectStored(symbol);
  return (series) =>
    (selected?.has(series.symbol) ?? true) && (interval?.includes(series.interval) ?? true);
}

async function verify({ lake, symbol, interval, json }: Flags, io: CommandIo): Promise<number> {
  if ((symbol ?? interval) !== undefined) {
    const flag = symbol === undefined ? "--interval" : "--symbol";
    throw new AppError(
      "invalid_input",
      `${flag} cannot be used with --verify: it checks all files`,
    );
  }
  const check = await verifyLake(lake, io.signal);
  const { rows, problems } = check;
  for (const line of problems) io.err(line);
  if (json) io.out(JSON.stringify({ lake, ...check }));
  else if (problems.length === 0) {
    io.out(`Verified ${files(check.files)} with ${count(rows)} candles: all match the manifest`);
  } else {
    io.err(
      `Not as in the manifest: ${files(problems.length)} of ${count(check.files)}; after a run ` +
        "that was interrupted, run it again; otherwise delete them first",
    );
  }
  return problems.length === 0 ? EXIT.done : EXIT.failed;
}

const count = (number: number) => number.toLocaleString("en");
const files = (number: number) => `${count(number)} ${number === 1 ? "file" : "files"}`;
