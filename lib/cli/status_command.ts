import type { Wick } from "../composition/compose_wick.ts";
import { AppError } from "../core/errors.ts";
import { ageOf, freshnessOf } from "../core/freshness.ts";
import { bySeries, type Series, seriesName } from "../core/kline.ts";
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS, toIso } from "../core/time.ts";
import type { SeriesCoverage } from "../ports/kline_reader.ts";
import { toSeriesJson } from "../http/series_json.ts";
import { type Command, EXIT } from "./command.ts";
import { readFlags, type SeriesFlags, seriesFlags, seriesSchema } from "./flags.ts";

const HELP = `Usage: deno task status [options]

Shows each stored series: candles, first and last open time (UTC), gaps by class, and freshness. Reads
only the database.

  --symbol LIST     these symbols only, separated by commas
  --interval LIST   these intervals only, separated by commas
  --json            print one JSON document, as /api/series has it but without viewers

Exit codes: 0 success, 1 failure, 2 invalid usage.`;

/** `deno task status`: the coverage table. */
export const statusCommand: Command = {
  does: "show the stored candles, gaps and freshness of each series",
  help: HELP,
  async run(wick, args, { out }) {
    const flags = readFlags(args, seriesFlags, seriesSchema);
    const held = await findHeld(wick, flags);
    const now = wick.services.exchange.serverTime();
    if (flags.json) out(JSON.stringify({ series: await toJson(wick, held, now) }));
    else if (held.length === 0) {
      out("No candles are stored yet: `deno task start` or `deno task collect` collects them");
    } else {
      const titles = ["symbol", "interval", "candles", "first", "last", "current", "gaps"];
      for (const line of toTable(titles, held.map((one) => toRow(one, now)))) out(line);
      for (const one of held) if (one.importedRows > 0) out(importedText(one));
    }
    return EXIT.done;
  },
};

async function toJson({ services }: Wick, held: readonly SeriesCoverage[], now: EpochMs) {
  const disputesOf = bySeries(await services.status.disputes());
  const proofOf = bySeries(await services.rollups.proofs());
  return held.map((one) => {
    const name = seriesName(one);
    return toSeriesJson(one, now, { disputes: disputesOf.get(name), rollup: proofOf.get(name) });
  });
}

/** @throws `not_found` when none of the named series is stored */
export async function findHeld(
  wick: Wick,
  { symbol, interval }: SeriesFlags,
): Promise<SeriesCoverage[]> {
  const all = await wick.services.reader.coverage();
  const selected = symbol && await wick.symbols.selectStored(symbol);
  const held = all.filter((one) =>
    (selected?.has(one.symbol) ?? true) && (interval?.includes(one.interval) ?? true)
  );
  if (held.length > 0 || (symbol ?? interval) === undefined) return held;
  const what = [symbol?.text, interval?.join(",")].filter((part) => part !== undefined).join(" ");
  throw new AppError("not_found", `Cannot find series ${what}: it is not stored here`);
}

function toRow(one: SeriesCoverage, now: number): (string | number)[] {
  const { symbol, interval, rows, firstOpenTime, lastOpenTime, gapCounts } = one;
  const time = (open: number | undefined) =>
    open === undefined ? "-" : toIso(open).slice(0, 16).replace("T", " ");
  const classes = Object.entries(gapCounts).map(([name, count]) => `${count} ${name}`).join(", ");
  const age = lastOpenTime === undefined ? 0 : ageOf(lastOpenTime, interval, now);
  const current = one.status === "TRADING" || one.status === "UNKNOWN"
    ? `${freshnessOf(lastOpenTime, interval, now)}${age > 0 ? `, ${toAge(age)} old` : ""}`
    : one.status;
  return [symbol, interval, rows, time(firstOpenTime), time(lastOpenTime), current, classes || "-"];
}

/** Imported candles of a series, in words. */
export function importedText(one: Series & Pick<SeriesCoverage, "rows" | "importedRows">): string {
  const { rows, importedRows } = one;
  const only = rows === 0 ? ", and none of the exchange" : "";
  return `${seriesName(one)}: ${importedRows.toLocaleString("en")} imported candles (from files; ` +
    `not the exchange's)${only}`;
}

function toAge(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${Math.round(ms / SECOND_MS)} s`;
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return ms < 2 * DAY_MS ? `${Math.round(ms / HOUR_MS)} h` : `${Math.round(ms / DAY_MS)} d`;
}

/** Aligns columns, numbers to the right. Trailing blanks are removed. */
function toTable(
  titles: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string[] {
  const text = (cell: string | number) =>
    typeof cell === "number" ? cell.toLocaleString("en") : cell;
  const isNumber = titles.map((_, i) => rows.some((row) => typeof row[i] === "number"));
  const width = titles.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => text(row[i]!).length))
  );
  const toLine = (cells: readonly string[]) =>
    cells.map((cell, i) => isNumber[i] ? cell.padStart(width[i]!) : cell.padEnd(width[i]!))
      .join("  ").trimEnd();
  return [titles, ...rows.map((row) => row.map(text))].map(toLine);
}
