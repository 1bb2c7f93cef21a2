import { type EpochMs, MINUTE_MS, type TimeRange } from "../../core/time.ts";
import type { KlineChart } from "../plotly/kline_chart.ts";
import { utcText } from "../../core/text/time_text.ts";

/** Minimum time between redraws while dragging. */
const PAUSE_MS = 120;

/**
 * Lets the strip of all history choose what `chart` shows: its handles by finger and key, any place
 * on it by pointer. Call what this returns when the view may have changed.
 */
export function brushHistory(chart: KlineChart, signal: AbortSignal): () => void {
  const form = document.querySelector<HTMLFormElement>(".strip-form");
  const picture = document.querySelector<SVGSVGElement>(".strip-picture");
  if (form === null || picture === null) return () => {};
  const [from, to] = form.querySelectorAll<HTMLInputElement>("input[type=range]");
  const handles = { from: from!, to: to! };
  const all = { from: Number(from!.min), to: Number(from!.max) };
  const show = atMostEvery(PAUSE_MS, (range: TimeRange) => chart.show(range), signal);
  let isHeld = false;
  const tell = () => {
    if (!isHeld) tellHandles(handles, all, chart.view.window);
    tellView(picture, all, chart.view.window);
  };
  form.addEventListener("input", ({ target }) => {
    const { whole, view: { window } } = chart;
    const time = (target as HTMLInputElement).valueAsNumber;
    if (target === from) {
      show({ from: time <= all.from ? whole.from : time, to: Math.max(window.to, time) });
    } else {
      show({ from: Math.min(window.from, time), to: time >= all.to ? whole.to : time });
    }
  }, { signal });
  form.addEventListener("submit", (event) => event.preventDefault(), { signal });
  form.querySelector("button")?.remove(); // the selection is shown immediately
  const hold = (event: Event) => isHeld = event.type === "pointerdown";
  for (const type of ["pointerdown", "pointerup", "pointercancel", "change"]) {
    form.addEventListener(type, hold, { signal });
  }
  goToPointer(picture, all, (middle) => {
    const { from, to } = chart.view.window;
    show({ from: middle - (to - from) / 2, to: middle + (to - from) / 2 });
  }, signal);
  tell();
  return tell;
}

interface Handles {
  readonly from: HTMLInputElement;
  readonly to: HTMLInputElement;
}

function tellHandles(handles: Handles, all: TimeRange, range: TimeRange): void {
  for (const end of ["from", "to"] as const) {
    const time = Math.min(Math.max(range[end], all.from), all.to);
    handles[end].valueAsNumber = time;
    const minute = Math.round(time / MINUTE_MS) * MINUTE_MS;
    handles[end].setAttribute("aria-valuetext", utcText(minute));
  }
}

/** Marks the visible range on the strip; a narrow one stays wide enough to be seen. */
function tellView(picture: SVGSVGElement, all: TimeRange, { from, to }: TimeRange): void {
  const { width } = picture.viewBox.baseVal;
  const x = (time: EpochMs) =>
    Math.min(1, Math.max(0, (time - all.from) / (all.to - all.from))) * width;
  const view = picture.querySelector(".strip-view");
  view?.setAttribute("x", `${x(from)}`);
  view?.setAttribute("width", `${Math.max(3, x(to) - x(from))}`);
}

/** Calls `onTime` with the time under the pointer when it is dragged over the strip or taps it. */
function goToPointer(
  picture: SVGSVGElement,
  all: TimeRange,
  onTime: (time: EpochMs) => void,
  signal: AbortSignal,
): void {
  const go = ({ clientX }: MouseEvent) => {
    const { left, width } = picture.getBoundingClientRect();
    onTime(all.from + (clientX - left) / width * (all.to - all.from));
  };
  picture.addEventListener("pointerdown", ({ button, pointerId, pointerType }) => {
    if (button === 0 && pointerType !== "touch") picture.setPointerCapture(pointerId);
  }, { signal });
  picture.addEventListener("pointermove", (event) => {
    // A finger is captured implicitly, and may be about to scroll the page.
    const { pointerId, pointerType } = event;
    if (pointerType !== "touch" && picture.hasPointerCapture(pointerId)) go(event);
  }, { signal });
  picture.addEventListener("click", go, { signal });
}

/** Calls `work` immediately, and after `ms` with the last value received since. */
function atMostEvery<T>(ms: number, work: (value: T) => void, signal: AbortSignal) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let next: { readonly value: T } | undefined;
  const run = () => {
    timer = undefined;
    if (next === undefined) return;
    const { value } = next;
    next = undefined;
    timer = setTimeout(run, ms);
    work(value);
  };
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return (value: T) => {
    next = { value };
    if (timer === undefined) run();
  };
}
