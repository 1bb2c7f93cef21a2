import type { KlineChart } from "../plotly/kline_chart.ts";
import type { Move } from "../model/moved_window.ts";

/** Moves the chart; returns whether it can. */
export function applyMove(chart: KlineChart, move: Move): boolean {
  if (!canMove(chart, move)) return false;
  if (move === "reset") chart.reset();
  else chart.move(move);
  return true;
}

export function canMove(chart: KlineChart, move: Move): boolean {
  return move === "reset" ? chart.isMoved : chart.canMove(move);
}
