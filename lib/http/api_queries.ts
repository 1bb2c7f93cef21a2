import { z } from "zod";
import { MAX_CANDLES } from "../core/kline.ts";
import { fromParam, integerParam, intervalParam, symbolParam, toParam } from "./query.ts";

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

/** The parameters of `/api/gaps`. */
export const gapsQuerySchema = z.object({ symbol: symbolParam, interval: intervalParam });

/** The parameters of `/api/live`. */
export const liveQuerySchema = z.object({ symbol: symbolParam, interval: intervalParam });

/** The parameters of endpoints without parameters. */
export const noQuerySchema = z.object({});
