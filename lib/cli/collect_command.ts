import type { z } from "zod";
import { collectForward, collectFrom, FIRST_CANDLES } from "../collector/collect.ts";
import { describeFailures, forEachSeries } from "../collector/each_series.ts";
import { executeRun, type JobReport, prepareSymbols, requireListed } from "../collector/run.ts";
import type { Wick } from "../composition.ts";
import { AppError } from "../core/errors.ts";
import { countWhole } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";
import {
  fileFlag,
  readFlags,
  requireForward,
  seriesFlags,
  seriesOf,
  seriesSchema,
  timeFlag,
} from "./flags.ts";
import { createProgress } from "./progress.ts";

const HELP = `Usage: deno task collect --symbol BTCUSDT --interval 4h [options]

Collects closed candles once, from the newest stored one on; the newest ${FIRST_CANDLES} if there is none.

  --symbol LIST     symbols, separated by commas (default: SYMBOLS)
  --interval LIST   intervals, separated by commas (default: INTERVALS)
  --from TIME       collect from this time on instead; ISO 8601 or epoch ms, inclusive
  --to TIME         up to here, exclusive (default: now)
  --csv FILE        then write the candles of the range to FILE, as /export does; one series only

Exit codes: 0 done, 1 could not, 2 bad usage.`;

const flagsSchema = seriesSchema.extend({
  from: timeFlag.optional(),
  to: timeFlag.optional(),
  csv: fileFlag.optional(),
});

type Flags = z.output<typeof flagsSchema>;

const FLAGS = {
  ...seriesFlags,
  from: { type: "string" },
  to: { type: "string" },
  csv: { type: "string" },
} as const;

/** `deno task collect`: the collector as a script. */
export const collectCommand: Command = {
  does: "collect candles once, to the store and, if asked, to a CSV file",
  help: HELP,
  async run(wick, args, io) {
    const flags = readFlags(args, FLAGS, flagsSchema);
    const series = wantedSeries(wick, flags);
    const report = await collect(wick, series, flags, io.signal);
    printReport(report, io);
    if (flags.csv !== undefined && report.failures.size === 0) {
      const rows = await writeCsv(wick, { ...series[0]!, ...rangeOf(flags) }, flags.csv);
      io.out(`Wrote ${rows} candles to ${flags.csv}`);
    }
    return report.failures.size === 0 ? EXIT.done : EXIT.failed;
  },
};

function wantedSeries({ config }: Wick, flags: Flags): Series[] {
  const { from, to } = flags;
  requireForward(from, to);
  if (from === undefined && to !== undefined) {
    throw new AppError("invalid_input", "--to needs --from");
  }
  const series = seriesOf(config, flags);
  if (flags.csv !== undefined && series.length !== 1) {
    throw new AppError("invalid_input", `--csv takes one series, not ${series.length}`);
  }
  return series;
}

function collect(
  wick: Wick,
  series: readonly Series[],
  flags: Flags,
  signal: AbortSignal,
): Promise<JobReport> {
  const isTerminal = Deno.stderr.isTerminal();
  const expected = flags.from === undefined ? FIRST_CANDLES * series.length : series.reduce(
    (sum, { interval }) =>
      sum + countWhole({ from: flags.from!, to: flags.to ?? wick.services.now() }, interval),
    0,
  );
  const progress = createProgress(expected, isTerminal);
  let rows = 0;
  const onPage = (
    _: Series,
    page: { fetched: number },
    usage: Parameters<typeof progress.update>[1],
  ) => progress.update(rows += page.fetched, usage);
  return executeRun({ ...wick.jobs, onPage }, "collect", async (deps) => {
    const symbols = await prepareSymbols(deps, series, signal);
    return await forEachSeries(series, signal, async (one) => {
      requireListed(symbols, one);
      if (flags.from === undefined) return await collectForward(deps, one, signal);
      await collectFrom(deps, one, { from: flags.from, to: flags.to ?? Infinity }, signal);
    });
  }).finally(() => progress.stop());
}

function printReport(report: JobReport, { out, err }: CommandIo): void {
  const { fetched, requests, weight, corrected, unchanged, failures } = report;
  out(
    `Fetched ${fetched} closed candles in ${requests} requests (weight ${weight}): ` +
      `${report.new} new, ${corrected} corrected, ${unchanged} unchanged`,
  );
  if (failures.size > 0) err(`Could not collect ${describeFailures(failures)}`);
}

function rangeOf({ from, to }: Flags): { from?: EpochMs; to?: EpochMs } {
  return { ...from === undefined ? {} : { from }, ...to === undefined ? {} : { to } };
}

/** Writes beside the file first: it is whole or as before, whatever happens. */
async function writeCsv(
  { services }: Wick,
  query: Series & { from?: EpochMs; to?: EpochMs },
  path: string,
): Promise<number> {
  const half = `${path}.part`;
  const open = await services.exporter.open({ ...query, format: "csv", time: "iso" });
  try {
    const file = await Deno.open(half, { write: true, create: true, truncate: true });
    await open.bytes().pipeTo(file.writable);
    await Deno.rename(half, path);
    return open.rows;
  } catch (cause) {
    await Deno.remove(half).catch(() => {});
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("store_unavailable", `Cannot write ${path}: ${reason}`, { cause });
  }
}
