import { z } from "zod";
import { invalidParameter } from "../../core/parameter_rules.ts";
import { SYMBOL_CHARACTERS } from "../../core/symbol_name.ts";
import { type EpochMs, toIso } from "../../core/time.ts";
import { dayOf } from "../../core/universe/traded_on.ts";
import { formatParam } from "./cap_queries.ts";
import { integerParam, symbolParam, timeParam } from "./query.ts";

/** A day, by any time in it. */
export const dayParam = timeParam.meta({
  description: "Day, UTC: a date, or any time in it; not in the future",
  examples: ["2021-06-01"],
});

export const quoteParam = z.string().regex(
  new RegExp(`^${SYMBOL_CHARACTERS}{1,20}$`, "u"),
  "must be an asset in capitals, such as USDT",
).meta({ description: "Only symbols against this quote asset", examples: ["USDT"] });

/** The parameters of `/api/universe`. */
export const universeQuerySchema = z.object({
  at: dayParam.exactOptional().meta({
    description: "Day, UTC: a date, or any time in it; not in the future. The default is today",
    examples: ["2021-06-01"],
  }),
  quote: quoteParam.exactOptional(),
  limit: integerParam(1, 5000).default(5000).meta({
    description: "Number of symbols, 1 to 5000",
    examples: ["1000"],
  }),
  after: symbolParam.exactOptional().meta({
    description: "Only symbols after this one, by name: `next` of the page before",
    examples: ["ETHUSDT"],
  }),
  format: formatParam,
});

/**
 * The day of `at`; today by default.
 *
 * @throws `invalid_input` for a day in the future
 */
export function requireDay(at: EpochMs | undefined, serverTime: EpochMs): EpochMs {
  const today = dayOf(serverTime);
  const day = at === undefined ? today : dayOf(at);
  if (day <= today) return day;
  const dates = [day, today].map((time) => toIso(time).slice(0, 10));
  throw invalidParameter("at", `is ${dates[0]}: it must not be after today, which is ${dates[1]}`);
}
