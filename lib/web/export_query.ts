import { z } from "zod";
import { AppError } from "../core/errors.ts";
import {
  fromParam,
  intervalParam,
  parseQuery,
  requireRange,
  symbolParam,
  timeParam,
  toParam,
} from "./query.ts";

/** The parameters of `/export`; the command line takes the same. */
export const exportQuerySchema = z.object({
  symbol: symbolParam,
  interval: intervalParam,
  from: fromParam,
  to: toParam,
  as_of: timeParam.exactOptional().meta({
    description: "Candles as they were known at this time: a later correction is left out",
    examples: ["2024-03-01"],
  }),
  format: z.enum(["csv", "ndjson", "json", "binance"], "csv, ndjson, json or binance")
    .default("csv").meta({
      description: "`csv` with a header line, `ndjson` an object a line, `json` one array, " +
        "`binance` the public archive's 12 columns without header",
    }),
  time: z.enum(["iso", "ms"], "iso or ms").default("iso").meta({
    description: "How open and close times are written",
  }),
});

export type ExportParams = z.output<typeof exportQuerySchema>;

/** @throws `invalid_input` also for parameters that are fine by themselves and not together */
export function parseExportQuery(params: URLSearchParams): ExportParams {
  const query = parseQuery(params, exportQuerySchema);
  requireRange(query);
  if (query.format === "binance" && params.has("time") && query.time !== "ms") {
    throw new AppError(
      "invalid_input",
      'Parameter time is "iso": with format=binance times are always ms',
      { param: "time" },
    );
  }
  return query;
}
