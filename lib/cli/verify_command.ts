import type { z } from "zod";
import { describeFailures } from "../collector/each_series.ts";
import { isSound, toStretches, type Verification, verifyAll } from "../collector/verify.ts";
import type { Wick } from "../composition/compose_wick.ts";
import { planBackfill } from "../core/remaining_history.ts";
import { bySeries, seriesName } from "../core/kline.ts";
import { rollupText } from "../core/text/rollup_text.ts";
import { timeRule } from "../core/parameter_rules.ts";
import { type EpochMs, toIso } from "../core/time.ts";
import type { RollupCheck } from "../ports/rollup_ledger.ts";
import type { SeriesCoverage } from "../ports/kline_reader.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";
import { readFlags, requireForward, seriesFlags, seriesSchema } from "./flags.ts";
import { planLine, toPlanJson } from "./plan_line.ts";
import { createProgress } from "./progress.ts";
import { findHeld, importedText } from "./status_command.ts";
import { DEFAULT_WEIGHT_LIMIT } from "../core/request_weight.ts";

const HELP = `Usage: deno task verify [options]

Fetches every stored candle again from the exchange, compares digit by digit, and prints all
differences and gaps. Then compares each candle with the sum of shorter ones (4h = Σ 1h), in the
database. Writes nothing: \`collect\` and the server's repair job correct differences.

  --symbol LIST     these symbols only, separated by commas
  --interval LIST   these intervals only, separated by commas
  --from TIME       start of the range; ISO 8601 or epoch ms, inclusive; not before HISTORY_SINCE
  --to TIME         end of the range, exclusive
  --json            print one JSON document with every difference

Exit codes: 0 equal; 1 differences, pending gaps, or failure; 2 invalid usage. Gaps that the exchange
has too, and candles that differ from the sum of shorter ones, are printed and do not count as
differences.`;

const flagsSchema = seriesSchema.extend({ from: timeRule.optional(), to: timeRule.optional() });
const FLAGS = { ...seriesFlags, from: { type: "string" }, to: { type: "string" } } as const;

/** Lines printed per kind and series; the JSON document has all. */
const MAX_LINES = 50;

/** `deno task verify`: compares stored candles with the exchange. */
export const verifyCommand: Command = {
  does: "compare all stored candles with the exchange, digit by digit",
  help: HELP,
  async run(wick, args, io) {
    const flags = readFlags(args, FLAGS, flagsSchema);
    requireForward(flags.from, flags.to);
    const held = await findHeld(wick, flags);
    const plan = planBackfill(held.map(({ rows }) => ({ rows })));
    if (!flags.json) io.out(planLine(plan, DEFAULT_WEIGHT_LIMIT, { isStored: false }));
    const { found, failures } = await verifyHeld(wick, held, flags, io);
    const rollups = await checkRollups(wick, found, flags);
    if (!flags.json) {
      const heldOf = bySeries(held);
      for (const one of found) {
        const name = seriesName(one);
        printSeries(one, rollups.get(name), io);
        const { importedRows = 0, rows = 0 } = heldOf.get(name) ?? {};
        if (importedRows > 0) {
          io.out(`  not compared: ${importedText({ ...one, rows, importedRows })}`);
        }
      }
    }
    const isFine = failures.size === 0 && found.every(isSound);
    if (failures.size > 0) io.err(`Cannot verify ${describeFailures(failures)}`);
    if (flags.json) {
      const failed = [...failures].map(([series, error]) => ({ series, message: String(error) }));
      const series = found.map((one) => {
        const name = seriesName(one);
        const imported = bySeries(held).get(name)?.importedRows ?? 0;
        return { ...toJson(one, rollups.get(name)), imported };
      });
      io.out(JSON.stringify({ plan: toPlanJson(plan), series, failed }));
    } else if (found.length > 0) printSummary(found, io);
    return isFine ? EXIT.done : EXIT.failed;
  },
};

async function verifyHeld(
  { jobs }: Wick,
  held: readonly SeriesCoverage[],
  { from = 0, to = Infinity, json }: z.output<typeof flagsSchema>,
  io: CommandIo,
) {
  const source = jobs.openSource();
  const progress = createProgress(!json && Deno.stderr.isTerminal());
  progress.begin(held.reduce((sum, one) => sum + one.rows, 0));
  let rows = 0;
  const onPage = (count: number) => progress.update(rows += count, source.usage());
  return await verifyAll({ ...jobs, source, onPage }, held, { from, to }, io.signal)
    .finally(() => progress.stop());
}

/** Comparisons with the sums of shorter candles, by the series' name. */
async function checkRollups(
  { services }: Wick,
  found: readonly Verification[],
  { from = 0, to = Infinity }: z.output<typeof flagsSchema>,
): Promise<Map<string, RollupCheck>> {
  const checks = new Map<string, RollupCheck>();
  for (const one of found) {
    const check = await services.rollups.check(one, { from, to });
    if (check !== undefined) checks.set(seriesName(one), check);
  }
  return checks;
}

function printSeries(
  one: Verification,
  rollup: RollupCheck | undefined,
  { out }: CommandIo,
): void {
  const { compared, differences, missing, surplus, gaps } = one;
  const differing = new Set(differences.map(({ openTime }) => openTime)).size;
  out(
    `${seriesName(one)}: ${compared} candles compared, ${differing} differ, ` +
      `${missing.length} missing here, ${surplus.length} absent at the exchange, ` +
      `${gaps.length} gaps`,
  );
  const width = Math.max(0, ...differences.map(({ column }) => column.length));
  printSome(differences, out, ({ openTime, column, stored, exchange }) => {
    const head = `  ${toIso(openTime)}  ${column.padEnd(width)}`;
    return [
      `${head}  stored   ${stored}`,
      `${" ".repeat(head.length)}  exchange ${exchange}`,
      `${" ".repeat(head.length)}           ${marks(stored, exchange)}`,
    ];
  });
  const stretch = (what: string) => ({ from, to, candles }: Stretch) => [
    `  ${toIso(from)} to ${toIso(to)}  ${candles} candles ${what}`,
  ];
  printSome(toStretches(missing, one), out, stretch("missing here, present at the exchange"));
  printSome(toStretches(surplus, one), out, stretch("stored here, absent at the exchange"));
  printSome(gaps, out, ({ from, to, missing, class: reason }) => [
    `  ${toIso(from)} to ${toIso(to)}  gap of ${missing} candles: ${reason}`,
  ]);
  if (rollup !== undefined) printRollup(rollup, out);
}

function printRollup(check: RollupCheck, out: CommandIo["out"]) {
  const { differences } = check;
  out(`  ${rollupText({ ...check, differing: differences.length })}`);
  printSome(differences, out, ({ openTime, details, cause }) => {
    const reason = cause === undefined ? "" : ` (${cause} at the exchange)`;
    return [
      `  ${toIso(openTime)}  differs from its parts${reason}`,
      ...details.map(({ column, stored, sum }) => `    ${column}: ${stored}, sum ${sum}`),
    ];
  });
}

type Stretch = { from: EpochMs; to: EpochMs; candles: number };

/** A caret under every digit that differs. */
function marks(stored: string, exchange: string): string {
  const length = Math.max(stored.length, exchange.length);
  return Array.from({ length }, (_, i) => stored[i] === exchange[i] ? " " : "^").join("").trimEnd();
}

function printSome<T>(items: readonly T[], out: CommandIo["out"], toLines: (item: T) => string[]) {
  for (const item of items.slice(0, MAX_LINES)) toLines(item).forEach(out);
  if (items.length > MAX_LINES) {
    out(`  … and ${items.length - MAX_LINES} more; --json lists all`);
  }
}

function printSummary(found: readonly Verification[], { out }: CommandIo): void {
  const unsound = found.filter((one) => !isSound(one)).length;
  const compared = found.reduce((sum, one) => sum + one.compared, 0);
  out(
    unsound === 0
      ? `All ${compared} candles of ${found.length} series match the exchange`
      : `${unsound} of ${found.length} series differ from the exchange`,
  );
}

function toJson(one: Verification, rollup: RollupCheck | undefined) {
  const { symbol, interval, compared, differences, missing, surplus, gaps } = one;
  return {
    symbol,
    interval,
    compared,
    differences: differences.map(({ openTime, ...rest }) => ({ open_time: openTime, ...rest })),
    missing,
    surplus,
    holes: gaps.map(({ from, to, missing, class: reason }) => ({
      from,
      to,
      missing,
      class: reason,
    })),
    rollup: rollup === undefined ? null : toRollupJson(rollup),
  };
}

function toRollupJson({ base, compared, differences }: RollupCheck) {
  return {
    from: base,
    compared,
    equal: compared - differences.length,
    differing: differences.length,
    differences: differences.map(({ openTime, details, cause }) => ({
      open_time: openTime,
      details,
      cause: cause ?? null,
    })),
  };
}
