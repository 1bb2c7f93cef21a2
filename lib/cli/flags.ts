import { parseArgs, type ParseArgsConfig } from "node:util";
import { z } from "zod";
import { seriesOf } from "../composition/compose_jobs.ts";
import type { Wick } from "../composition/compose_wick.ts";
import { FORMAT_IDS } from "../core/candle_formats.ts";
import { AppError } from "../core/errors.ts";
import type { Series } from "../core/kline.ts";
import {
  describeProblem,
  intervalRule,
  listRule,
  requireRange,
  symbolRule,
} from "../core/parameter_rules.ts";
import { symbolSelectionRule } from "../core/symbol_selection.ts";
import type { EpochMs } from "../core/time.ts";

type Flags = NonNullable<ParseArgsConfig["options"]>;

export const fileFlag = z.string().min(1, "must be a file name");

/** `--symbol` and `--interval` as lists, and `--json`. */
export const seriesFlags = {
  symbol: { type: "string" },
  interval: { type: "string" },
  json: { type: "boolean" },
} as const satisfies Flags;

export const seriesSchema = z.object({
  symbol: symbolSelectionRule.optional(),
  interval: listRule(intervalRule).optional(),
  json: z.boolean().default(false),
});

/** Flags of commands that read candle files: what their names and columns do not state. */
export const candleFileFlags = {
  symbol: { type: "string" },
  interval: { type: "string" },
  format: { type: "string" },
  table: { type: "string" },
  json: { type: "boolean" },
} as const satisfies Flags;

export const candleFileSchema = z.object({
  symbol: symbolRule.exactOptional(),
  interval: intervalRule.exactOptional(),
  table: z.string().min(1).exactOptional(),
  format: z.enum(FORMAT_IDS, `must be one of ${FORMAT_IDS.join(", ")}`).exactOptional(),
  json: z.boolean().default(false),
});

export type SeriesFlags = Pick<z.output<typeof seriesSchema>, "symbol" | "interval">;

/** The selected symbols at every interval; without a flag as configured. */
export async function listSeries(
  { config, symbols }: Pick<Wick, "config" | "symbols">,
  { symbol, interval }: SeriesFlags,
  signal: AbortSignal,
): Promise<Series[]> {
  const selected = symbol === undefined
    ? await symbols.update(signal)
    : await symbols.select(symbol, signal);
  return seriesOf(selected, { intervals: interval ?? config.intervals });
}

/** @throws `invalid_input` when the range is empty or reversed */
export function requireForward(from: EpochMs | undefined, to: EpochMs | undefined): void {
  withFlagNames(() => requireRange({ from, to }));
}

/** Runs `read`; an error about a parameter names the flag instead. */
export function withFlagNames<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw toFlagError(error);
  }
}

/** An error about a parameter as one about its flag; other errors stay as they are. */
export function toFlagError(error: unknown): unknown {
  if (!(error instanceof AppError) || error.param === undefined || error.problem === undefined) {
    return error;
  }
  return new AppError(error.code, `${toFlag(error.param)} ${error.problem}`);
}

/** `--as-of` for the parameter `as_of`. */
function toFlag(param: string): string {
  return `--${param.replaceAll("_", "-")}`;
}

/** Flags, and the arguments between them. */
export interface Arguments<T> {
  readonly flags: T;
  readonly files: readonly string[];
}

/**
 * Reads `--flag value` pairs and validates them; commas separate list items where the schema has a
 * list.
 * @throws `invalid_input` in one line that names the flag
 */
export function readFlags<T extends z.ZodType>(
  args: string[],
  options: Flags,
  schema: T,
): z.output<T> {
  return readArguments(args, options, schema, false).flags;
}

/** As `readFlags`, with file names between the flags if `takesFiles`. */
export function readArguments<T extends z.ZodType>(
  args: string[],
  options: Flags,
  schema: T,
  takesFiles = true,
): Arguments<z.output<T>> {
  const { values, positionals } = parse(args, options, takesFiles);
  const parsed = schema.safeParse(values);
  if (parsed.success) return { flags: parsed.data, files: positionals };
  const [issue] = parsed.error.issues;
  const name = String(issue!.path[0]);
  throw new AppError("invalid_input", `--${name} ${describeProblem(values[name], issue!.message)}`);
}

function parse(args: string[], options: Flags, allowPositionals: boolean) {
  try {
    const { values, positionals } = parseArgs({ args, options, strict: true, allowPositionals });
    return { values: values as Record<string, unknown>, positionals };
  } catch (error) {
    throw new AppError("invalid_input", (error as Error).message.split("\n")[0]!);
  }
}
