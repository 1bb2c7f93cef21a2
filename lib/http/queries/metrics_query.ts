import { z } from "zod";
import { describeProblem, invalidParameter } from "../../core/parameter_rules.ts";
import type { MetricsQuery } from "../../ports/telemetry.ts";
import { intervalParam, listParam, parseQuery, symbolParam } from "./query.ts";

const NAME = "name[]";
const nameRule = z.string().regex(
  /^[a-zA-Z_:][a-zA-Z0-9_:]{0,99}$/,
  "must be the name of a metric, such as wick_series_stale",
);

/** The parameters of `/metrics`. */
export const metricsQuerySchema = z.object({
  symbol: listParam(symbolParam).exactOptional().meta({
    description: "Series of these symbols only, separated by commas",
    examples: ["BTCUSDT,ETHUSDT"],
  }),
  interval: listParam(intervalParam).exactOptional().meta({
    description: "Series of these intervals only, separated by commas",
    examples: ["1h"],
  }),
  per_series: z.enum(["0", "1"], "must be 0 or 1").default("1").meta({
    description: "0: totals by interval only, without the metrics of each series",
    examples: ["0"],
  }),
  [NAME]: nameRule.exactOptional().meta({
    description: "Metrics of this name only; may be repeated",
    examples: ["wick_series"],
  }),
});

/** @throws `invalid_input` */
export function parseMetricsQuery(params: URLSearchParams): MetricsQuery {
  const others = new URLSearchParams([...params].filter(([name]) => name !== NAME));
  const { symbol, interval, per_series } = parseQuery(others, metricsQuerySchema);
  const names = params.getAll(NAME).map((name) => {
    const parsed = nameRule.safeParse(name);
    if (parsed.success) return name;
    throw invalidParameter(NAME, describeProblem(name, parsed.error.issues[0]!.message));
  });
  return {
    symbols: symbol,
    intervals: interval,
    names: names.length === 0 ? undefined : new Set(names),
    isPerSeries: per_series === "1",
  };
}
