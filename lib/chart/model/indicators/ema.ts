import { meanOf, type Values } from "./sma.ts";

/** Exponential moving average: weight 2 / (period + 1) for each new value, starting with a mean. */
export function ema(values: readonly number[], period: number): Values {
  const weight = 2 / (period + 1);
  let last: number | undefined;
  return values.map((value, i) => {
    if (i + 1 < period) return undefined;
    return last = last === undefined ? meanOf(values, i, period) : last + (value - last) * weight;
  });
}
