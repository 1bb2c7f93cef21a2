/** Values of an indicator; `undefined` until it has enough candles. */
export type Values = readonly (number | undefined)[];

/** Simple moving average: the mean of the last `period` values. */
export function sma(values: readonly number[], period: number): Values {
  return values.map((_, i) => i + 1 < period ? undefined : meanOf(values, i, period));
}

/**
 * Mean of the `period` values ending at `end`; summed every time, so that errors do not accumulate.
 */
export function meanOf(values: readonly number[], end: number, period: number): number {
  let sum = 0;
  for (let i = end - period + 1; i <= end; i++) sum += values[i]!;
  return sum / period;
}
