import { numberText, priceText } from "../../core/text/number_text.ts";
import type { Overlay } from "../../core/overlay.ts";
import type { Study } from "./study.ts";

/** The last value, such as `104 200.10`; two values for bands; a dash shortly after a gap. */
export function studyText({ overlay, lines }: Study, decimals: number): string {
  return lines.filter(({ part }) => part !== "middle").reverse()
    .map(({ values }) => oneText(overlay, values.at(-1), decimals)).join(" – ");
}

function oneText({ kind }: Overlay, value: number | undefined, decimals: number): string {
  if (value === undefined) return "–";
  return kind === "rsi" ? numberText(value, 1) : priceText(value, decimals);
}
