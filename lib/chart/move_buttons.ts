import type { KlinePlot } from "./kline_plot.ts";
import type { WindowMove } from "./moved_window.ts";

const SELECTOR = "[data-move]";

/**
 * Lets the links that carry `data-move` move `plot` as long as it has candles there; beyond them
 * they lead to other pages, as they do without script.
 */
export function takeOverMoves(figure: Element, plot: KlinePlot, signal: AbortSignal): void {
  figure.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest(SELECTOR);
    if (link && applyMove(plot, link.getAttribute("data-move")!)) event.preventDefault();
  }, { signal });
  plot.onShown = () => markMoves(figure, plot);
  plot.onShown();
  signal.addEventListener("abort", () => markMoves(figure, undefined), { once: true });
}

/** Moves the plot, or says that it cannot. */
export function applyMove(plot: KlinePlot, move: string): boolean {
  if (!canMove(plot, move)) return false;
  if (move === "reset") plot.reset();
  else plot.move(move as WindowMove);
  return true;
}

/** Says of each link whether it does anything now. */
function markMoves(figure: Element, plot: KlinePlot | undefined): void {
  for (const link of figure.querySelectorAll(SELECTOR)) {
    const move = link.getAttribute("data-move")!;
    const isUseful = link.hasAttribute("href") || (plot !== undefined && canMove(plot, move));
    if (isUseful) link.removeAttribute("aria-disabled");
    else link.setAttribute("aria-disabled", "true");
  }
}

function canMove(plot: KlinePlot, move: string): boolean {
  return move === "reset" ? plot.isMoved : plot.canMove(move as WindowMove);
}
