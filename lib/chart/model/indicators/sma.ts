/** What an indicator says of each candle; `undefined` while it has seen too few of them. */
export type Values = readonly (number | undefined)[];

/** Simple moving average: the mean of the last `period` values. */
export function sma(values: readonly number[], period: number): Values {
  return values.map((_, i) => i + 1 < period ? undefined : meanOf(values, i, period));
}

/** Mean of the `period` values that end with the one at `end`; summed anew, so that no error grows. */
export function meanOf(values: readonly number[], end: number, period: number): number {
  let sum = 0;
  for (let i = end - period + 1; i <= end; i++) sum += values[i]!;
  return sum / period;
}
