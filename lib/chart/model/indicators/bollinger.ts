import { meanOf, type Values } from "./sma.ts";

/** Width of the bands in standard deviations (of the population, as Bollinger defines them). */
const WIDTH = 2;

export interface Bands {
  readonly upper: Values;
  readonly middle: Values;
  readonly lower: Values;
}

/**
 * Bollinger bands: the mean of the last `period` values, and two standard deviations above and
 * below.
 */
export function bollinger(values: readonly number[], period: number): Bands {
  const bands = values.map((_, i) => i + 1 < period ? undefined : bandAt(values, i, period));
  return {
    upper: bands.map((band) => band && band.mean + band.half),
    middle: bands.map((band) => band?.mean),
    lower: bands.map((band) => band && band.mean - band.half),
  };
}

function bandAt(values: readonly number[], end: number, period: number) {
  const mean = meanOf(values, end, period);
  let squares = 0;
  for (let i = end - period + 1; i <= end; i++) squares += (values[i]! - mean) ** 2;
  return { mean, half: WIDTH * Math.sqrt(squares / period) };
}
