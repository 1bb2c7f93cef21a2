import { barAt } from "../model/bar_at.ts";
import type { Candle } from "../model/candle.ts";
import type { KlineView } from "../plotly/kline_views.ts";

export interface PointingOptions {
  /** The box that holds the plot and its axes. */
  readonly area: HTMLElement;
  readonly view: () => KlineView | undefined;
  /** The open candle, which is not part of the view. */
  readonly moving: () => Candle | undefined;
  readonly onPoint: (candle: Candle | undefined) => void;
}

/** Reports the candle under the pointer; a tapped one stays until the next tap. */
export function followPointer(options: PointingOptions, signal: AbortSignal): void {
  const { area, onPoint } = options;
  const point = (event: PointerEvent) => onPoint(candleUnder(event, options));
  area.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch" && event.buttons === 0) point(event);
  }, { signal });
  area.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") point(event);
  }, { signal });
  area.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") onPoint(undefined);
  }, { signal });
  document.addEventListener("pointerdown", ({ target, pointerType }) => {
    const isOutside = target instanceof Node && !area.contains(target);
    if (pointerType === "touch" && isOutside) onPoint(undefined);
  }, { signal });
}

function candleUnder({ clientX }: PointerEvent, options: PointingOptions): Candle | undefined {
  const view = options.view();
  const fraction = fractionAt(options.area, clientX);
  if (view === undefined || fraction < 0 || fraction > 1) return undefined;
  const { from, to, stepMs } = view.window;
  const time = from + fraction * (to - from);
  const moving = options.moving();
  return barAt(view.bars, time, stepMs) ??
    (moving && Math.abs(moving.openTime - time) <= stepMs / 2 ? moving : undefined);
}

/** Horizontal position of `clientX` between the plot's left edge (0) and its price axis (1). */
export function fractionAt(area: HTMLElement, clientX: number): number {
  const { left, width } = area.getBoundingClientRect();
  const axis = Number.parseFloat(getComputedStyle(area).getPropertyValue("--axis-width")) || 0;
  return (clientX - left) / Math.max(1, width - axis);
}
