import { useLayoutEffect, useRef } from "preact/hooks";
import { page } from "../lib/chart/session/page_signals.ts";
import { barsIn } from "../lib/chart/session/shown_range.ts";
import { SteadyText } from "../lib/pages/components/SteadyText.tsx";

export interface StudyValueProps {
  /** Place of the study among the chart's overlays. */
  readonly index: number;
  /** Its newest value, as the page came with it. */
  readonly text: string;
  /** Of prices. */
  readonly decimals: number;
}

/** Value of a study at the candle under the pointer, else at the last one in view. */
export default function StudyValue({ index, text, decimals }: StudyValueProps) {
  const place = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const { width } = place.current!.getBoundingClientRect();
    place.current!.style.minWidth = `${width}px`; // a shorter value moves no other chip
  }, []);
  const view = page.view.value;
  const bar = page.pointed.value ?? (view && barsIn(view).at(-1));
  const value = bar && page.running.value?.chart.studyText(bar, index, decimals);
  return (
    <b ref={place}>
      <SteadyText text={value ?? text} />
    </b>
  );
}
