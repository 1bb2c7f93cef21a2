import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { intervalRule, symbolRule, timeRule } from "../core/parameter_rules.ts";

/** Given values are repeated in messages, up to here. */
const MAX_ECHO = 60;

export const symbolParam = symbolRule()
  .meta({ description: "Symbol as the exchange spells it", examples: ["ETHUSDT"] });

export const intervalParam = intervalRule()
  .meta({ description: "Interval; 1m is a minute, 1M a month", examples: ["4h"] });

/** One or more of `item`, separated by commas, none of them twice. */
export function listParam<T extends string>(item: z.ZodType<T, string>) {
  return z.string().transform((text) => text.split(",")).pipe(z.array(item))
    .refine((items) => new Set(items).size === items.length, "a list that names nothing twice");
}

const TIME_RULE = "epoch milliseconds or ISO 8601, such as 1704067200000 or 2024-01-01T00:00:00Z";

export const timeParam = timeRule(TIME_RULE);

/** Beginning of a range. */
export const fromParam = timeParam.exactOptional().meta({
  description:
    "Only candles that open at this time or later: epoch ms or ISO 8601, UTC unless it " +
    "names a zone",
  examples: ["2024-01-01"],
});

/** End of a range. */
export const toParam = timeParam.exactOptional().meta({
  description: "Only candles that open before this time",
  examples: ["2024-02-01T00:00:00Z"],
});

/** A whole number within bounds, both inclusive. */
export function integerParam(min: number, max: number) {
  const rule = `a whole number from ${min} to ${max}`;
  return z.string().regex(/^\d{1,15}$/, rule).transform(Number)
    .pipe(z.number(rule).min(min, rule).max(max, rule))
    .meta({ type: "integer", minimum: min, maximum: max });
}

export interface QueryOptions {
  /** Pages bear parameters that they do not know; interfaces for machines do not. */
  readonly allowsUnknown?: boolean;
}

/**
 * Reads a query by its schema, whose keys are the parameters' names. Each message names the
 * parameter, what was given, and what is allowed.
 *
 * @throws `invalid_input` for parameters that are malformed, empty, repeated, missing or unknown
 */
export function parseQuery<Shape extends z.ZodRawShape>(
  params: URLSearchParams,
  schema: z.ZodObject<Shape>,
  { allowsUnknown = false }: QueryOptions = {},
): z.output<z.ZodObject<Shape>> {
  const known = Object.keys(schema.shape);
  const given: Record<string, string> = {};
  for (const [name, value] of params) {
    if (!known.includes(name)) {
      if (allowsUnknown) continue;
      const allowed = known.length === 0 ? "none is allowed" : `allowed are ${known.join(", ")}`;
      throw invalid(name, `Unknown parameter ${echo(name)}: ${allowed}`);
    }
    if (name in given) throw invalid(name, `Parameter ${name} is given more than once`);
    if (value === "") throw invalid(name, `Parameter ${name} is empty`);
    given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue!.path[0]);
  const value = given[name];
  if (value === undefined) throw invalid(name, `Parameter ${name} is missing`);
  throw invalid(name, `Parameter ${name} is ${echo(value)}: it must be ${issue!.message}`);
}

/** @throws `invalid_input` when the range is empty or runs backwards */
export function requireRange({ from, to }: {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}): void {
  if (from === undefined || to === undefined || from < to) return;
  throw invalid("from", `Parameter from is ${from}: it must lie before to, which is ${to}`);
}

function invalid(param: string, message: string): AppError {
  return new AppError("invalid_input", message, { param: cut(param) });
}

function echo(text: string): string {
  return JSON.stringify(cut(text));
}

function cut(text: string): string {
  return text.length > MAX_ECHO ? `${text.slice(0, MAX_ECHO)}…` : text;
}
