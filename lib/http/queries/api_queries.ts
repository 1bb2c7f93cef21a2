import { z } from "zod";
import { MAX_FAVOURITES } from "../../core/favourites.ts";
import { MAX_CANDLES } from "../../core/kline.ts";
import { symbolRule } from "../../core/parameter_rules.ts";
import {
  fromParam,
  integerParam,
  intervalParam,
  listParam,
  symbolParam,
  toParam,
} from "./query.ts";

/** The parameters of `/api/candles`. */
export const candlesQuerySchema = z.object({
  symbol: symbolParam,
  interval: intervalParam,
  from: fromParam,
  to: toParam,
  limit: integerParam(1, MAX_CANDLES).default(1000).meta({
    description:
      `Number of candles, 1 to ${MAX_CANDLES}: the oldest since \`from\` if given, otherwise the newest`,
    examples: ["500"],
  }),
  rollup: z.enum(["1"], "must be 1").exactOptional().meta({
    description: "Makes candles of an interval that is not collected from the longest shorter " +
      "interval that divides it, named by `derived_from`",
  }),
  imported: z.enum(["1"], "must be 1").exactOptional().meta({
    description:
      "Adds candles of other programs' files where none of the exchange is stored, told " +
      "apart by `source`; their missing values are null. Not with `rollup`",
  }),
});

/** Symbols in one answer of `/api/symbols`. */
const MAX_SYMBOLS = 100;
/** A reader's favourites and some recent ones. */
const MAX_FIRST = MAX_FAVOURITES + 10;

export const searchParam = z.string().trim().min(1, "is empty").max(
  40,
  "must be at most 40 characters long",
)
  .meta({
    description: "Part of a symbol or of a coin's name; capitals and separators do not matter",
    examples: ["bitcoin"],
  });

/** The parameters of `/api/symbols`. */
export const symbolsQuerySchema = z.object({
  search: searchParam.exactOptional(),
  first: listParam(symbolRule).refine(
    (symbols) => symbols.length <= MAX_FIRST,
    `must be at most ${MAX_FIRST} symbols`,
  ).exactOptional().meta({
    description:
      `Up to ${MAX_FIRST} symbols that come first among equal matches, separated by commas`,
    examples: ["ETHUSDT,SOLUSDT"],
  }),
  limit: integerParam(1, MAX_SYMBOLS).default(30).meta({
    description: `Number of symbols, 1 to ${MAX_SYMBOLS}`,
    examples: ["30"],
  }),
  after: symbolParam.exactOptional().meta({
    description: "Only symbols after this one: `next` of the page before",
    examples: ["ETHUSDT"],
  }),
});

/** The parameters of `/api/gaps`. */
export const gapsQuerySchema = z.object({ symbol: symbolParam, interval: intervalParam });

/** The parameters of `/api/live`. */
export const liveQuerySchema = z.object({ symbol: symbolParam, interval: intervalParam });

/** The parameters of endpoints without parameters. */
export const noQuerySchema = z.object({});
