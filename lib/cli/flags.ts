import { parseArgs, type ParseArgsConfig } from "node:util";
import { z } from "zod";
import type { Config } from "../config.ts";
import { AppError } from "../core/errors.ts";
import type { Series } from "../core/kline.ts";
import { intervalRule, symbolRule, timeRule } from "../core/parameter_rules.ts";
import type { EpochMs } from "../core/time.ts";

type Flags = NonNullable<ParseArgsConfig["options"]>;

const list = z.string().transform((text) => text.split(",").map((item) => item.trim()))
  .pipe(z.array(z.string().min(1, "has an empty item")).min(1));

export const symbolFlag = symbolRule("must be ");
export const intervalFlag = intervalRule("must be ");

/** Lists, separated by commas; what is named twice is meant once. */
export const symbolsFlag = list.pipe(z.array(symbolFlag)).transform((items) => [...new Set(items)]);
export const intervalsFlag = list.pipe(z.array(intervalFlag))
  .transform((items) => [...new Set(items)]);

export const timeFlag = timeRule();

export const fileFlag = z.string().min(1, "needs a file name");

/** `--symbol` and `--interval` as lists, and `--json`. */
export const seriesFlags = {
  symbol: { type: "string" },
  interval: { type: "string" },
  json: { type: "boolean" },
} as const satisfies Flags;

export const seriesSchema = z.object({
  symbol: symbolsFlag.optional(),
  interval: intervalsFlag.optional(),
  json: z.boolean().default(false),
});

/** Every symbol at every interval; what is not named is as configured. */
export function seriesOf(
  { symbols, intervals }: Pick<Config, "symbols" | "intervals">,
  { symbol, interval }: Pick<z.output<typeof seriesSchema>, "symbol" | "interval">,
): Series[] {
  return (symbol ?? symbols).flatMap((one) =>
    (interval ?? intervals).map((interval) => ({ symbol: one, interval }))
  );
}

/** @throws `invalid_input` when the range is empty or runs backwards */
export function requireForward(from: EpochMs | undefined, to: EpochMs | undefined): void {
  if (from === undefined || to === undefined || from < to) return;
  throw new AppError("invalid_input", "--from must lie before --to");
}

/** Flags, and whatever stands between them. */
export interface Arguments<T> {
  readonly flags: T;
  readonly files: readonly string[];
}

/**
 * Reads `--flag value` pairs and checks them; commas make lists where the schema wants them.
 *
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
  const flag = `--${String(issue!.path[0] ?? "")}`;
  const isMissing = issue!.path[0] !== undefined && values[String(issue!.path[0])] === undefined;
  throw new AppError(
    "invalid_input",
    isMissing ? `${flag} is missing` : `${flag}: ${issue!.message}`,
  );
}

function parse(args: string[], options: Flags, allowPositionals: boolean) {
  try {
    const { values, positionals } = parseArgs({ args, options, strict: true, allowPositionals });
    return { values: values as Record<string, unknown>, positionals };
  } catch (error) {
    throw new AppError("invalid_input", (error as Error).message.split("\n")[0]!);
  }
}
