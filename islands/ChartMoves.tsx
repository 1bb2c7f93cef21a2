import { applyMove, canMove } from "../lib/chart/session/move_buttons.ts";
import { page } from "../lib/chart/session/page_signals.ts";
import type { Move } from "../lib/chart/model/moved_window.ts";
import type { MoveHrefs } from "../lib/chart/model/view_facts.ts";
import { MoveLinks } from "../lib/pages/charts/toolbar/MoveLinks.tsx";

export interface ChartMovesProps {
  /** As the page came with them. */
  readonly hrefs: MoveHrefs;
}

/** Moves through time. A running chart makes them, unless a link is opened elsewhere. */
export default function ChartMoves({ hrefs: { reset, ...served } }: ChartMovesProps) {
  void page.view.value; // which gives the limits
  const chart = page.running.value?.chart;
  const hrefs: MoveHrefs = { ...page.facts.value?.moves ?? served, reset };
  const isUseful = (move: Move) => {
    const isLink = hrefs[move] !== undefined && (!chart || move === "reset");
    return isLink || (chart !== undefined && canMove(chart, move));
  };
  const onMove = (move: Move, event: MouseEvent) => {
    const { ctrlKey, metaKey, shiftKey, altKey } = event;
    if (!chart || ctrlKey || metaKey || shiftKey || altKey) return;
    // If the page itself came with a range, a reset leads to another page.
    if (applyMove(chart, move) || move !== "reset") event.preventDefault();
  };
  return <MoveLinks hrefs={hrefs} isUseful={isUseful} onMove={onMove} />;
}
