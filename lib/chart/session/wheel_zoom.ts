import type { KlineChart } from "../plotly/kline_chart.ts";
import { fractionAt } from "./pointing.ts";

/** Zoom factor of one wheel notch, about 100 px. */
const PER_PX = 0.0022;
/** Sizes of a line and a page in px, for wheels that report those. */
const UNIT_PX = [1, 20, 400] as const;

/**
 * Ctrl or ⌘ with the wheel, and the pinch of a touchpad, zoom about the pointer; a sideways wheel
 * moves through time. A plain wheel is the page's.
 */
export function zoomByWheel(area: HTMLElement, chart: KlineChart, signal: AbortSignal): void {
  let [zoom, pan, at] = [0, 0, 1];
  let frame = 0;
  const apply = () => {
    frame = 0;
    if (zoom !== 0) chart.zoom(Math.exp(zoom * PER_PX), at);
    if (pan !== 0) chart.pan(pan);
    zoom = pan = 0;
  };
  area.addEventListener("wheel", (event) => {
    const { ctrlKey, metaKey, shiftKey, deltaMode, deltaX, deltaY, clientX } = event;
    const unit = UNIT_PX[deltaMode] ?? 1;
    const isZoom = ctrlKey || metaKey;
    const sideways = shiftKey && deltaX === 0 ? deltaY : deltaX;
    const isPan = !isZoom && (shiftKey || Math.abs(deltaX) > Math.abs(deltaY));
    if (!isZoom && !isPan) return;
    event.preventDefault();
    at = Math.min(1, Math.max(0, fractionAt(area, clientX)));
    if (isZoom) zoom += deltaY * unit;
    else pan += sideways * unit / area.clientWidth;
    frame ||= requestAnimationFrame(apply);
  }, { signal, passive: false });
  signal.addEventListener("abort", () => cancelAnimationFrame(frame), { once: true });
}
