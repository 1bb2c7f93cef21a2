import { z } from "zod";
import { FIRST_CANDLES } from "../collector/collect.ts";
import { collectArchive, collectMissing } from "../collector/collect_archive.ts";
import { type CollectOrder, collectRest, planCollect } from "../collector/collect_once.ts";
import type { WantedTime } from "../collector/plan/collect_plan.ts";
import { requireSpace } from "../collector/disk_space.ts";
import { describeFailures } from "../collector/each_series.ts";
import type { JobReport } from "../collector/run.ts";
import type { Wick } from "../composition/compose_wick.ts";
import { AppError, describeError } from "../core/errors.ts";
import type { BackfillPlan } from "../core/remaining_history.ts";
import type { Series } from "../core/kline.ts";
import { timeRule } from "../core/parameter_rules.ts";
import { toIso } from "../core/time.ts";
import { DEFAULT_WEIGHT_LIMIT } from "../core/request_weight.ts";
import { openExportFile } from "../export/export_file.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";
import {
  fileFlag,
  listSeries,
  readFlags,
  requireForward,
  seriesFlags,
  seriesSchema,
} from "./flags.ts";
import { besideFile, writeOutput } from "./output_file.ts";
import { planLine, toPlanJson } from "./plan_line.ts";
import { unknownLine } from "./plan_lines.ts";
import { createProgress } from "./progress.ts";

const HELP = `Usage: deno task collect --symbol BTCUSDT --interval 4h [options]

Collects closed candles once, starting after the newest stored one, or the newest ${FIRST_CANDLES} if none
is stored. Prints an estimate first, and requests every gap it finds a second time.

  --symbol LIST     symbols, patterns (*USDT) and groups (quote:USDT, top:100, all), separated by
                    commas; a leading minus excludes (default: SYMBOLS)
  --interval LIST   intervals, separated by commas (default: INTERVALS)
  --from TIME       start of the range instead; ISO 8601 or epoch ms, inclusive; not before
                    HISTORY_SINCE
  --to TIME         end of the range, exclusive (default: now)
  --source SOURCE   rest: the exchange's API (default); archive: missing months and days from
                    ARCHIVE_URL, and the API for candles that the archive lacks
  --csv FILE        afterwards write the range to FILE, in the format of /export; one series only;
                    - is standard output
  --plan, --dry-run only print the estimate, and symbols that the exchange does not list;
                    \`deno task plan\` prints it in detail
  --json            print one JSON document to standard output

Exit codes: 0 success, 1 failure, 2 invalid usage.`;

const flagsSchema = seriesSchema.extend({
  from: timeRule.optional(),
  to: timeRule.optional(),
  source: z.enum(["rest", "archive"], "must be rest or archive").default("rest"),
  csv: fileFlag.optional(),
  plan: z.boolean().default(false),
  "dry-run": z.boolean().default(false),
});

type Flags = z.output<typeof flagsSchema>;

const FLAGS = {
  ...seriesFlags,
  from: { type: "string" },
  to: { type: "string" },
  source: { type: "string" },
  csv: { type: "string" },
  plan: { type: "boolean" },
  "dry-run": { type: "boolean" },
} as const;

/** The result, for the report. */
interface Outcome {
  plan?: BackfillPlan;
  /** Symbols that a plan leaves out, because the exchange does not list them. */
  unknown?: readonly string[];
  readonly reports: JobReport[];
  /** The API's failure after the archive part was done. */
  failure?: AppError;
  csv?: { readonly file: string; readonly rows: number };
}

/** `deno task collect`: the collector as a command. */
export const collectCommand: Command = {
  does: "collect candles once, into the database and optionally a CSV file",
  help: HELP,
  async run(wick, args, own) {
    const flags = readFlags(args, FLAGS, flagsSchema);
    const io = besideFile(own, { path: flags.csv, flag: "--csv", json: flags.json });
    const series = await wantedSeries(wick, flags, io.signal);
    const wanted = wantedTime(wick, flags, io);
    const outcome: Outcome = { reports: [] };
    if (flags.plan || flags["dry-run"]) {
      await plan(wick, { series, wanted }, flags, { outcome, io });
    } else {
      await collect(wick, { series, wanted }, flags, { outcome, io });
    }
    if (flags.json) io.out(JSON.stringify(toJson(outcome)));
    return isDone(outcome) ? EXIT.done : EXIT.failed;
  },
};

async function wantedSeries(wick: Wick, flags: Flags, signal: AbortSignal): Promise<Series[]> {
  const { from, to, source } = flags;
  requireForward(from, to);
  if (from === undefined && to !== undefined && source === "rest") {
    throw new AppError("invalid_input", "--to needs --from");
  }
  const series = await listSeries(wick, flags, signal);
  if (flags.csv !== undefined && series.length !== 1) {
    throw new AppError("invalid_input", `--csv takes one series, not ${series.length}`);
  }
  return series;
}

/**
 * The storable part of the range; prints a notice if that is not all of it.
 * @throws `invalid_input` when no part of the range can be stored
 */
function wantedTime(
  { jobs: { historySince } }: Wick,
  { from, to }: Flags,
  { err }: CommandIo,
): WantedTime {
  if (to !== undefined && to <= historySince) {
    throw new AppError(
      "invalid_input",
      `--to is before HISTORY_SINCE (${toIso(historySince)}): nothing before it is stored`,
    );
  }
  if (from === undefined || from >= historySince) return { from, to };
  err(`--from is before HISTORY_SINCE: collecting from ${toIso(historySince)}`);
  return { from: historySince, to };
}

async function plan(
  wick: Wick,
  { series, wanted }: Pick<CollectOrder, "series" | "wanted">,
  { symbol = wick.config.symbols, json }: Flags,
  { outcome, io }: { outcome: Outcome; io: CommandIo },
): Promise<void> {
  const { unknown } = await wick.symbols.preview(symbol, io.signal);
  const listed = series.filter((one) => !unknown.includes(one.symbol));
  outcome.unknown = unknown;
  outcome.plan = await planCollect(wick.jobs, listed, wanted);
  if (!json) io.out(planLine(outcome.plan, DEFAULT_WEIGHT_LIMIT));
  if (unknown.length > 0) io.err(unknownLine(unknown));
}

async function collect(
  wick: Wick,
  { series, wanted }: Pick<CollectOrder, "series" | "wanted">,
  flags: Flags,
  { outcome, io }: { outcome: Outcome; io: CommandIo },
): Promise<void> {
  const progress = createProgress(!flags.json && Deno.stderr.isTerminal());
  let rows = 0;
  const order: CollectOrder = {
    series,
    wanted,
    signal: io.signal,
    async onPlan(plan, files) {
      outcome.plan = plan;
      if (!flags.json) io.out(planLine(plan, DEFAULT_WEIGHT_LIMIT, { files }));
      await requireSpace(wick.disk, plan.megabytes);
      progress.begin(plan.rows);
    },
    onPage: (_, page, usage) => progress.update(rows += page.fetched, usage),
  };
  const add = (...reports: JobReport[]) => outcome.reports.push(...reports);
  try {
    if (flags.source === "rest") add(await collectRest(wick.jobs, order));
    else {
      add(...await collectArchive(wick.jobs, order));
      add(...await tryMissing(wick, order, outcome));
    }
  } finally {
    progress.stop();
  }
  if (!flags.json) outcome.reports.forEach((report) => printReport(report, io));
  printFailures(outcome, io);
  if (flags.csv === undefined || !isDone(outcome)) return;
  outcome.csv = { file: flags.csv, rows: await writeCsv(wick, series[0]!, flags, io.signal) };
  if (!flags.json) {
    io.out(
      `Wrote ${outcome.csv.rows} candles to ${flags.csv === "-" ? "standard output" : flags.csv}`,
    );
  }
}

/** Candles from the archive are kept, whether the API responds or not. */
async function tryMissing(wick: Wick, order: CollectOrder, outcome: Outcome) {
  try {
    return [await collectMissing(wick.jobs, order)];
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "store_unavailable") throw error;
    outcome.failure = error;
    return [];
  }
}

/** Invalid archive files are not a failure, because the API has supplied their candles. */
function isDone({ reports, failure, unknown = [] }: Outcome): boolean {
  return failure === undefined && unknown.length === 0 &&
    (reports.at(-1)?.failures.size ?? 0) === 0;
}

function printReport(report: JobReport, { out }: CommandIo): void {
  const { fetched, requests, weight, corrected, unchanged, conflicts = 0 } = report;
  out(
    `Fetched ${fetched} closed candles in ${requests} requests (weight ${weight}): ` +
      `${report.new} new, ${corrected} corrected, ${unchanged} unchanged` +
      (conflicts === 0 ? "" : `, ${conflicts} conflicts`),
  );
}

function printFailures({ reports, failure }: Outcome, { err }: CommandIo): void {
  const last = reports.at(-1);
  for (const { failures } of reports) {
    if (failures.size === 0) continue;
    const what = failures === last?.failures && failure === undefined
      ? "Cannot collect"
      : "Requested from the API instead:";
    err(`${what} ${describeFailures(failures)}`);
  }
  if (failure !== undefined) err(describeError(failure));
}

async function writeCsv(
  { services }: Wick,
  series: Series,
  { from, to, csv }: Flags,
  signal: AbortSignal,
): Promise<number> {
  const range = { ...from === undefined ? {} : { from }, ...to === undefined ? {} : { to } };
  const file = await openExportFile(services.exporter, {
    series: [series],
    format: "csv",
    time: "iso",
    ...range,
  });
  await writeOutput(csv!, file.bytes(), signal);
  return file.heads[0]!.rows;
}

function toJson({ plan, unknown = [], reports, failure, csv }: Outcome) {
  const failures = [
    ...unknown.map((what) => ({ what, message: unknownLine([what]) })),
    ...reports.flatMap(({ failures }) =>
      [...failures].map(([what, error]) => ({ what, message: describeError(error) }))
    ),
  ];
  return {
    plan: plan === undefined ? null : toPlanJson(plan),
    runs: reports.map(({ fetched, corrected, unchanged, conflicts = 0, ...run }) => ({
      fetched,
      new: run.new,
      corrected,
      unchanged,
      conflicts,
      requests: run.requests,
      weight: run.weight,
    })),
    failures: failure === undefined
      ? failures
      : [...failures, { what: "api", message: describeError(failure) }],
    csv: csv ?? null,
  };
}
