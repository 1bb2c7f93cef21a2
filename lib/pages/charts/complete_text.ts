import { numberText, THIN } from "../../core/number_text.ts";

/** `99.82 %`; never 100 for less than everything. */
export function completeText(share: number): string {
  const percent = Math.floor(share * 10_000) / 100;
  return `${numberText(percent, Number.isInteger(percent) ? 0 : 2)}${THIN}%`;
}
