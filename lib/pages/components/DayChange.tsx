import { deltaText } from "../../core/text/number_text.ts";
import { SteadyText } from "./SteadyText.tsx";

/** Change over 24 hours, or a dash. */
export function DayChange({ value }: { readonly value: number | undefined }) {
  if (value === undefined) return <span class="delta">–</span>;
  return (
    <span class={`delta ${value < 0 ? "down" : "up"}`}>
      <SteadyText text={deltaText(value)} />
    </span>
  );
}
