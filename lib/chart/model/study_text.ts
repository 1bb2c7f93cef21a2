import { numberText, priceText } from "../../core/number_text.ts";
import type { Overlay } from "./overlay.ts";
import type { Study } from "./study.ts";

/** `104 200.10`, the last value; both bands of two; a dash where a gap is too near. */
export function studyText({ overlay, lines }: Study, decimals: number): string {
  return lines.filter(({ part }) => part !== "middle").reverse()
    .map(({ values }) => oneText(overlay, values.at(-1), decimals)).join(" – ");
}

function oneText({ kind }: Overlay, value: number | undefined, decimals: number): string {
  if (value === undefined) return "–";
  return kind === "rsi" ? numberText(value, 1) : priceText(value, decimals);
}
