import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import {
  cutValue,
  describeProblem,
  integerRule,
  intervalRule,
  invalidParameter,
  quoteValue,
  symbolRule,
  timeRule,
} from "../../core/parameter_rules.ts";

export const symbolParam = symbolRule
  .meta({ description: "Symbol as the exchange spells it", examples: ["ETHUSDT"] });

export const intervalParam = intervalRule
  .meta({ description: "Interval; 1m is a minute, 1M a month", examples: ["4h"] });

/** One or more of `item`, separated by commas, without duplicates. */
export function listParam<T extends string>(item: z.ZodType<T, string>) {
  return z.string().transform((text) => text.split(",")).pipe(z.array(item))
    .refine((items) => new Set(items).size === items.length, "must be a list without repetitions");
}

export const timeParam = timeRule;

/** Start of a range. */
export const fromParam = timeParam.exactOptional().meta({
  description:
    "Only candles that open at or after this time: epoch ms or ISO 8601, UTC unless it " +
    "has a zone",
  examples: ["2024-01-01"],
});

/** End of a range. */
export const toParam = timeParam.exactOptional().meta({
  description: "Only candles that open before this time",
  examples: ["2024-02-01T00:00:00Z"],
});

/** A whole number within bounds, both inclusive. */
export function integerParam(min: number, max: number) {
  return integerRule(min, max).meta({ type: "integer", minimum: min, maximum: max });
}

export interface QueryOptions {
  /** True if unknown parameters are ignored: on pages, not in APIs. */
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
      throw unknownParameter(name, known);
    }
    if (name in given) throw invalidParameter(name, "is given more than once");
    if (value === "") throw invalidParameter(name, "is empty");
    given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue!.path[0]);
  throw invalidParameter(name, describeProblem(given[name], issue!.message));
}

function unknownParameter(name: string, known: readonly string[]): AppError {
  const allowed = known.length === 0 ? "none is allowed" : `allowed are ${known.join(", ")}`;
  const message = `Unknown parameter ${quoteValue(name)}: ${allowed}`;
  return new AppError("invalid_input", message, { param: cutValue(name) });
}
