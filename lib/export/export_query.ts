import { z } from "zod";
import { type Cursor, parseCursor } from "../core/cursor.ts";
import type { Interval } from "../core/interval.ts";
import { invalidParameter, requireRange } from "../core/parameter_rules.ts";
import type { EpochMs } from "../core/time.ts";
import type { FileRequest } from "./export_file.ts";
import { EXPORT_FORMATS, FORMAT_LIST, FORMAT_NAMES } from "./export_formats.ts";
import {
  fromParam,
  intervalParam,
  listParam,
  parseQuery,
  symbolParam,
  timeParam,
  toParam,
} from "../http/queries/query.ts";
import { dayParam, quoteParam } from "../http/queries/universe_query.ts";

const cursorParam = z.string().transform((text, ctx): Cursor => {
  try {
    return parseCursor(text);
  } catch {
    ctx.addIssue({
      code: "custom",
      message: "must be the X-Wick-Next-Cursor of an earlier response",
    });
    return z.NEVER;
  }
});

const LISTS = "; several are separated by commas";

/** The parameters of `/export`, also used by the command line. */
export const exportQuerySchema = z.object({
  symbol: listParam(symbolParam).exactOptional().meta({
    description: `Symbol as the exchange spells it${LISTS}. Required, unless \`symbols\` is given`,
    examples: ["ETHUSDT"],
  }),
  symbols: z.enum(["universe"], "must be universe").exactOptional().meta({
    description:
      "Instead of \`symbol\`: the symbols that were traded on the day \`at\`, delisted ones " +
      "included, as far as they are stored",
  }),
  at: dayParam.exactOptional(),
  quote: quoteParam.exactOptional(),
  interval: listParam(intervalParam).meta({
    description: `Interval; 1m is a minute, 1M a month${LISTS}`,
    examples: ["4h"],
  }),
  from: fromParam,
  to: toParam,
  as_of: timeParam.exactOptional().meta({
    description: "Candles as stored at this time, without later revisions",
    examples: ["2024-03-01"],
  }),
  after: cursorParam.exactOptional().meta({
    description: "Only candles added or revised after this cursor, which is the " +
      "X-Wick-Next-Cursor of an earlier response",
  }),
  format: z.enum(FORMAT_NAMES, `must be ${FORMAT_LIST}`).default("csv").meta({
    description: FORMAT_NAMES.map((name) => `\`${name}\`: ${EXPORT_FORMATS[name].text}`).join("; "),
  }),
  time: z.enum(["iso", "ms"], "must be iso or ms").exactOptional().meta({
    description: "Format of open and close times; the default is iso, except for `binance`",
  }),
  archive: z.enum(["zip"], "must be zip").exactOptional().meta({
    description: "A zip with one file per series",
  }),
  rollup: z.enum(["1"], "must be 1").exactOptional().meta({
    description: "Makes candles of intervals that are not collected from the longest shorter " +
      "interval that divides them. X-Wick-Derived names it",
  }),
  imported: z.enum(["1"], "must be 1").exactOptional().meta({
    description:
      "Adds candles of other programs' files where none of the exchange is stored, and a " +
      "last column `source`: `exchange` or `imported`. Their missing values are empty in CSV and null " +
      "elsewhere. Not with `rollup`, `as_of`, `after`, `symbols`, or the format `binance`",
  }),
  checksum: z.enum(["1"], "must be 1").exactOptional().meta({
    description: "Returns the file's checksum line for sha256sum --check instead of the file",
  }),
});

export type ExportParams = z.output<typeof exportQuerySchema>;

export interface ExportRequest extends FileRequest {
  /** Selects the series of a day instead of `series`, which is empty until they are looked up. */
  readonly wanted?: WantedUniverse;
  /** True if the file's SHA-256 is requested instead of the file. */
  readonly isChecksum: boolean;
}

/** The universe of a day, to be exported. */
export interface WantedUniverse {
  readonly at: EpochMs;
  readonly quote: string | undefined;
  readonly intervals: readonly Interval[];
}

/** Maximum series per file: each costs a few queries before the first byte. */
const MAX_SERIES = 200;

/** @throws `invalid_input` also for valid parameters that do not go together */
export function parseExportQuery(params: URLSearchParams): ExportRequest {
  const isKnown = params.keys().every((name) => Object.hasOwn(exportQuerySchema.shape, name));
  if (isKnown && !params.has("symbol") && !params.has("symbols")) throw missingSymbol();
  return toExportRequest(parseQuery(params, exportQuerySchema));
}

/** @throws `invalid_input` for parameters that cannot be combined */
export function toExportRequest(params: ExportParams): ExportRequest {
  requireRange(params);
  const { interval, as_of: asOf, from, to, after, format, archive } = params;
  const wanted = wantedUniverse(params);
  const { symbol = [] } = params;
  const series = symbol.flatMap((symbol) => interval.map((interval) => ({ symbol, interval })));
  if (series.length > MAX_SERIES) {
    throw invalidParameter("symbol", `names ${series.length} series: at most ${MAX_SERIES}`);
  }
  if (params.imported !== undefined) requireImportedFit(params);
  const { takesIsoTime, takesSeveral } = EXPORT_FORMATS[format];
  if (!takesIsoTime && params.time === "iso") {
    throw invalidParameter("time", `is "iso": times in the format ${format} are always ms`);
  }
  const isSeveral = series.length > 1 || wanted !== undefined;
  if (!takesSeveral && isSeveral && archive === undefined) {
    const problem = `is "${format}", which holds one series: several need a zip (archive=zip)`;
    throw invalidParameter("format", problem);
  }
  return {
    series,
    format,
    time: params.time ?? "iso",
    isChecksum: params.checksum !== undefined,
    isRollup: params.rollup !== undefined,
    isImported: params.imported !== undefined,
    ...from === undefined ? {} : { from },
    ...to === undefined ? {} : { to },
    ...asOf === undefined ? {} : { asOf },
    ...after === undefined ? {} : { after },
    ...archive === undefined ? {} : { archive },
    ...wanted === undefined ? {} : { wanted },
  };
}

/** Imported candles have neither versions nor all columns of the exchange. */
function requireImportedFit({ format, ...params }: ExportParams): void {
  if (format === "binance") {
    throw invalidParameter("imported", "cannot be combined with the exchange's own format binance");
  }
  for (const name of ["rollup", "as_of", "after", "symbols"] as const) {
    if (params[name] === undefined) continue;
    throw invalidParameter("imported", `cannot be combined with ${name}`);
  }
}

const missingSymbol = () => invalidParameter("symbol", "is missing");

function wantedUniverse(
  { symbol, symbols, at, quote, interval, after, rollup }: ExportParams,
): WantedUniverse | undefined {
  if (symbols === undefined) {
    for (const [name, value] of Object.entries({ at, quote })) {
      if (value !== undefined) throw invalidParameter(name, "needs symbols=universe");
    }
    if (symbol === undefined) throw missingSymbol();
    return undefined;
  }
  if (symbol !== undefined) throw invalidParameter("symbols", "excludes symbol: give one of them");
  if (at === undefined) throw invalidParameter("at", "is missing: the day of the universe");
  if (after !== undefined) throw invalidParameter("after", "cannot follow symbols=universe");
  if (rollup !== undefined) {
    throw invalidParameter("rollup", "cannot be combined with symbols=universe");
  }
  return { at, quote, intervals: interval };
}
