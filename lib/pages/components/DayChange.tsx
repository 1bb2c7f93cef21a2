import { deltaText } from "../../core/number_text.ts";

/** Change over 24 hours, or a dash. */
export function DayChange({ value }: { readonly value: number | undefined }) {
  if (value === undefined) return <span class="delta">–</span>;
  return <span class={`delta ${value < 0 ? "down" : "up"}`}>{deltaText(value)}</span>;
}
