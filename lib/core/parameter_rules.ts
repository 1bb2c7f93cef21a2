import { z } from "zod";
import { AppError } from "./errors.ts";
import { INTERVALS } from "./interval.ts";
import { SYMBOL } from "./symbol_name.ts";
import { type EpochMs, parseTime, toIso } from "./time.ts";

// Rules for symbols, intervals and times in the configuration, on the command line and in queries.
// Each message completes a sentence: "… must be one of 1s, 1m", "… looks like epoch seconds".

export const SYMBOL_ADVICE = "must be a symbol in capitals, such as BTCUSDT";

/** A symbol in the exchange's spelling. */
export const symbolRule = z.string().regex(SYMBOL, SYMBOL_ADVICE);

/** One of Binance's intervals. */
export const intervalRule = z.enum(INTERVALS, `must be one of ${INTERVALS.join(", ")}`);

/** A time as `parseTime` reads it; in epoch ms. */
export const timeRule = z.string().transform((text, ctx): EpochMs => {
  try {
    return parseTime(text);
  } catch (error) {
    ctx.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

/** A whole number within bounds, both inclusive. */
export function integerRule(min: number, max: number) {
  const rule = `must be a whole number from ${min} to ${max}`;
  return z.string().regex(/^\d{1,15}$/, rule).transform(Number)
    .pipe(z.number(rule).min(min, rule).max(max, rule));
}

/** One or more of `item`, separated by commas and spaces; duplicates count once. */
export function listRule<T extends string>(item: z.ZodType<T, string>) {
  return z.string().transform((text) => text.split(",").map((part) => part.trim()))
    .refine((items) => !items.includes(""), { error: "has an empty item", abort: true })
    .pipe(z.array(item))
    .transform((items) => [...new Set(items)]);
}

/** Longest part of a value that a message quotes. */
const MAX_ECHO = 60;

/**
 * `invalid_input` about one parameter. `problem` completes the sentence that begins with the
 * parameter's name: callers with another name (`--from` for `from`) build their own message from
 * it.
 */
export function invalidParameter(param: string, problem: string): AppError {
  const name = cutValue(param);
  return new AppError("invalid_input", `Parameter ${name} ${problem}`, { param: name, problem });
}

/** The problem with a value, from its rule's message. */
export function describeProblem(value: unknown, message: string): string {
  return value === undefined ? "is missing" : `is ${quoteValue(String(value))}: it ${message}`;
}

export function quoteValue(text: string): string {
  return JSON.stringify(cutValue(text));
}

export function cutValue(text: string): string {
  return text.length > MAX_ECHO ? `${text.slice(0, MAX_ECHO)}…` : text;
}

/** @throws `invalid_input` unless `from` is before `to` */
export function requireRange({ from, to }: {
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}): void {
  if (from === undefined || to === undefined || from < to) return;
  throw invalidParameter("from", `is ${toIso(from)}: it must lie before to, which is ${toIso(to)}`);
}
