import { z } from "zod";
import { SYMBOL_CHARACTERS } from "../../core/symbol_name.ts";

export const formatParam = z.enum(["json", "csv"], "must be json or csv").default("json").meta({
  description: "Format of the response",
});

export const capQuoteParam = z.string().regex(
  new RegExp(`^${SYMBOL_CHARACTERS}{1,20}$`, "u"),
  "must be an asset in capital letters, such as EUR",
).default("USD").meta({
  description:
    "Asset in which prices and market caps are given: USD, a dollar stablecoin, or an asset " +
    "with a collected market or with an exchange rate of the provider",
  examples: ["EUR"],
});

/** The parameters of `/api/market-caps`. */
export const capsQuerySchema = z.object({ format: formatParam, quote: capQuoteParam });

export const CAP_RANGES = ["7d", "30d", "90d", "1y", "all"] as const;

export type CapRange = typeof CAP_RANGES[number];

export const capRangeParam = z.enum(CAP_RANGES, `must be one of ${CAP_RANGES.join(", ")}`).default(
  "30d",
)
  .meta({ description: "Period up to now" });

/** The parameters of `/api/market-caps/history`. */
export const capHistoryQuerySchema = z.object({ range: capRangeParam, format: formatParam });
