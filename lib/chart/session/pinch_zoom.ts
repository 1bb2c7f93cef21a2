import type { TimeRange } from "../../core/time.ts";
import type { KlineChart } from "../plotly/kline_chart.ts";
import { fractionAt } from "./pointing.ts";

/**
 * Zooms and moves with two fingers on `area` while `isOn` returns true; single touches are left
 * alone.
 */
export function zoomByPinch(
  area: HTMLElement,
  chart: KlineChart,
  isOn: () => boolean,
  signal: AbortSignal,
): void {
  /** Times under the two fingers at the start. */
  let held: TimeRange | undefined;
  let frame = 0;
  const fractions = ({ touches }: TouchEvent) =>
    [touches[0]!, touches[1]!].map(({ clientX }) => fractionAt(area, clientX))
      .sort((a, b) => a - b) as [number, number];
  const start = (event: TouchEvent) => {
    held = undefined;
    if (!isOn() || event.touches.length !== 2) return;
    const { from, to } = chart.view.window;
    const [left, right] = fractions(event);
    held = { from: from + left * (to - from), to: from + right * (to - from) };
    event.stopPropagation();
  };
  const move = (event: TouchEvent) => {
    if (held === undefined || event.touches.length !== 2) return;
    event.preventDefault();
    event.stopPropagation();
    const [left, right] = fractions(event);
    const span = (held.to - held.from) / Math.max(0.02, right - left);
    const from = held.from - left * span;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => chart.show({ from, to: from + span }));
  };
  const options = { signal, capture: true, passive: false };
  area.addEventListener("touchstart", start, options);
  area.addEventListener("touchmove", move, options);
  area.addEventListener("touchend", () => held = undefined, options);
  signal.addEventListener("abort", () => cancelAnimationFrame(frame), { once: true });
}
