import type { Values } from "./sma.ts";

/**
 * Wilder's relative strength index, 0 to 100: the first value from plain means of `period` gains and
 * losses, later ones from means that give each new change the weight 1 / period.
 */
export function rsi(values: readonly number[], period: number): Values {
  let [gain, loss] = [0, 0];
  return values.map((value, i) => {
    if (i === 0) return undefined;
    const change = value - values[i - 1]!;
    const [up, down] = [Math.max(change, 0), Math.max(-change, 0)];
    if (i <= period) {
      gain += up / period;
      loss += down / period;
      return i < period ? undefined : strength(gain, loss);
    }
    gain += (up - gain) / period;
    loss += (down - loss) / period;
    return strength(gain, loss);
  });
}

/** Prices that have not moved at all are neither strong nor weak. */
function strength(gain: number, loss: number): number {
  return gain + loss === 0 ? 50 : 100 * gain / (gain + loss);
}
