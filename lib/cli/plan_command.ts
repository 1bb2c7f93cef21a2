import { type CollectionPlan, planCollection } from "../collector/plan/collection_plan.ts";
import type { Wick } from "../composition/compose_wick.ts";
import { AppError } from "../core/errors.ts";
import { timeRule } from "../core/parameter_rules.ts";
import { BACKGROUND_SHARE } from "../core/request_weight.ts";
import { toIso } from "../core/time.ts";
import { type Command, EXIT } from "./command.ts";
import { readFlags, requireForward, seriesFlags, seriesSchema } from "./flags.ts";
import { planLines, unknownLine } from "./plan_lines.ts";

const HELP = `Usage: deno task plan [--symbol LIST] [--interval LIST] [options]

Prints what collecting a selection takes before anything is requested for it: symbols, series,
candles, requests, weight and hours from the API and from the archive, and the disk space against
the free space. Stored candles are subtracted. Costs one request for the exchange's symbols, and one
for volumes if the selection has top:.

  --symbol LIST     symbols, patterns (*USDT) and groups (quote:USDT, top:100, all, status:any),
                    separated by commas; a leading minus excludes (default: SYMBOLS)
  --interval LIST   intervals, separated by commas (default: INTERVALS)
  --from TIME       start of the range; ISO 8601 or epoch ms, inclusive (default: HISTORY_SINCE, or
                    the listing of each symbol)
  --to TIME         end of the range, exclusive (default: now)
  --json            print one JSON document to standard output

Exit codes: 0 it fits, 1 it does not fit on the disk, the exchange does not list a symbol, or
failure, 2 invalid usage.`;

const flagsSchema = seriesSchema.extend({
  from: timeRule.optional(),
  to: timeRule.optional(),
});

const FLAGS = { ...seriesFlags, from: { type: "string" }, to: { type: "string" } } as const;

/** `deno task plan`: the cost of a selection. */
export const planCommand: Command = {
  does: "print requests, hours and disk space that a selection takes",
  help: HELP,
  async run(wick, args, io) {
    const { symbol, interval, from, to, json } = readFlags(args, FLAGS, flagsSchema);
    requireForward(from, to);
    const { config } = wick;
    const symbols = await wick.symbols.preview(symbol ?? config.symbols, io.signal);
    const { unknown, notes } = symbols;
    if (symbols.symbols.length === 0) {
      const reason = unknown.length > 0
        ? unknownLine(unknown)
        : ["Cannot plan: no symbol is selected", ...notes].join(". ");
      throw new AppError("not_found", reason);
    }
    const plan = await planCollection(await toDeps(wick), {
      symbols,
      intervals: interval ?? config.intervals,
      wanted: { from, to },
    });
    if (json) io.out(JSON.stringify(toJson(plan)));
    else planLines(plan, interval ?? config.intervals).forEach(io.out);
    if (unknown.length > 0) io.err(unknownLine(unknown));
    return plan.disk.fits === false || unknown.length > 0 ? EXIT.failed : EXIT.done;
  },
};

async function toDeps({ jobs, disk, services, config }: Wick) {
  const { limit } = await services.budget.read();
  return {
    ...jobs,
    disk,
    status: services.status,
    universe: services.universe,
    hasArchive: config.archiveUrl !== undefined,
    weightLimit: limit,
  };
}

function toJson(plan: CollectionPlan) {
  const { symbols, disk, rest, archive } = plan;
  return {
    symbols: symbols.symbols,
    choices: symbols.choices,
    unknown: symbols.unknown,
    series: plan.series,
    stored_rows: plan.stored,
    rows: plan.rows,
    series_without_listing_date: plan.undated,
    weight_limit: plan.weightLimit,
    weight_allowed: plan.weightLimit * BACKGROUND_SHARE,
    rest: { requests: rest.requests, weight: rest.weight, hours: rest.minutes / 60 },
    archive: archive === undefined ? null : {
      files: archive.files,
      bytes: archive.bytes,
      requests: archive.requests,
      weight: archive.weight,
      hours: archive.minutes / 60,
    },
    disk: {
      bytes_per_row: disk.rowBytes,
      is_measured: disk.isMeasured,
      bytes: disk.bytes,
      needed_bytes: disk.needed,
      free_bytes: disk.free?.bytes ?? null,
      folder: disk.free?.folder ?? null,
      fits: disk.fits ?? null,
    },
    renames: plan.renames.map(({ from, to, kind, ratio, beganAt, reason }) => ({
      from,
      to,
      kind,
      ratio,
      began_at: toIso(beganAt),
      reason,
    })),
    notes: plan.notes,
  };
}
