import type { KlineChart } from "../plotly/kline_chart.ts";
import type { WindowMove } from "../model/moved_window.ts";

const SELECTOR = "[data-move]";

/**
 * Lets the links that carry `data-move` move `chart`; opened elsewhere, and where a reset leads away
 * from the page's own range, they are links still. Call what this returns when the view changes.
 */
export function takeOverMoves(
  figure: Element,
  chart: KlineChart,
  signal: AbortSignal,
): () => void {
  figure.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest(SELECTOR);
    const { ctrlKey, metaKey, shiftKey, altKey } = event as MouseEvent;
    if (!link || ctrlKey || metaKey || shiftKey || altKey) return;
    const move = link.getAttribute("data-move")!;
    if (applyMove(chart, move) || move !== "reset") event.preventDefault();
  }, { signal });
  signal.addEventListener("abort", () => markMoves(figure, undefined), { once: true });
  return () => markMoves(figure, chart);
}

/** Moves the chart, or says that it cannot. */
export function applyMove(chart: KlineChart, move: string): boolean {
  if (!canMove(chart, move)) return false;
  if (move === "reset") chart.reset();
  else chart.move(move as WindowMove);
  return true;
}

/** Says of each link whether it does anything now. */
function markMoves(figure: Element, chart: KlineChart | undefined): void {
  for (const link of figure.querySelectorAll(SELECTOR)) {
    const move = link.getAttribute("data-move")!;
    const isLink = link.hasAttribute("href") && (chart === undefined || move === "reset");
    const isUseful = isLink || (chart !== undefined && canMove(chart, move));
    if (isUseful) link.removeAttribute("aria-disabled");
    else link.setAttribute("aria-disabled", "true");
  }
}

function canMove(chart: KlineChart, move: string): boolean {
  return move === "reset" ? chart.isMoved : chart.canMove(move as WindowMove);
}
