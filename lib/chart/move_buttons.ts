import type { KlineChart } from "./kline_chart.ts";
import type { WindowMove } from "./moved_window.ts";

const SELECTOR = "[data-move]";

/**
 * Lets the links that carry `data-move` move `chart` as long as there is anything there; beyond that
 * they lead to other pages, as they do without script. Call what this returns when the view changes.
 */
export function takeOverMoves(
  figure: Element,
  chart: KlineChart,
  signal: AbortSignal,
): () => void {
  figure.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest(SELECTOR);
    if (link && applyMove(chart, link.getAttribute("data-move")!)) event.preventDefault();
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
    const isUseful = link.hasAttribute("href") || (chart !== undefined && canMove(chart, move));
    if (isUseful) link.removeAttribute("aria-disabled");
    else link.setAttribute("aria-disabled", "true");
  }
}

function canMove(chart: KlineChart, move: string): boolean {
  return move === "reset" ? chart.isMoved : chart.canMove(move as WindowMove);
}
