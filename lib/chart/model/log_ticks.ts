import { numberText } from "../../core/text/number_text.ts";
import { PRICE_TICKS, type PriceTick } from "./axis_ticks.ts";

/**
 * 1, 2 and 5 times powers of ten between `low` and `high`, with fewer kinds if there are too many.
 */
export function logTicks(low: number, high: number, count = PRICE_TICKS): PriceTick[] {
  const powers: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    powers.push(power);
  }
  const of = (factors: readonly number[]) =>
    powers.flatMap((power) =>
      factors.map((factor) => ({
        value: factor * 10 ** power,
        text: numberText(factor * 10 ** power, Math.max(0, -power)),
      }))
    ).filter(({ value }) => value > low && value < high);
  const kinds = [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]].map(of);
  return kinds.find((ticks) => ticks.length <= count) ?? kinds.at(-1)!;
}
