import type { Values } from "./sma.ts";

/**
 * Wilder's relative strength index, 0 to 100. The first value uses plain means of `period` gains
 * and losses; later ones weight each new change by 1 / period.
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

/** Constant prices are neutral. */
function strength(gain: number, loss: number): number {
  return gain + loss === 0 ? 50 : 100 * gain / (gain + loss);
}
