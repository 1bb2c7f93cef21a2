import {
  anchorAt,
  type ChartWindow,
  percent,
  priceShare,
  xOf,
} from "../../../chart/model/chart_window.ts";
import { type Hole, HOLE_REASON } from "../../../chart/model/hole.ts";

/** Holes that have room for words, at most. */
const MAX_NOTES = 3;

/** Where they stand in the pane of prices. */
const NOTE_TOP = 0.86;

export interface HolesProps {
  readonly window: ChartWindow;
  readonly holes: readonly Hole[];
}

/** Absent candles, hatched: nothing bridges a hole. */
export function HoleBands({ window, holes }: HolesProps) {
  return (
    <g class="holes">
      {holesIn(window, holes).map((hole) => {
        const { left, right } = edgesOf(hole, window);
        const box = { x: percent(left), width: percent(right - left) };
        return (
          <g key={hole.from} class={`hole hole-${hole.class}`}>
            {/* A key: without one, Fresh takes it for the page's title. */}
            <title key="gap">{`${countText(hole.missing)}: ${HOLE_REASON[hole.class]}`}</title>
            <rect class="hole-wash" {...box} />
            <rect class="hole-hatch" {...box} />
          </g>
        );
      })}
    </g>
  );
}

/** How much is missing, and why, beside the largest holes. */
export function HoleNotes({ window, holes }: HolesProps) {
  const largest = holesIn(window, holes).sort((a, b) => b.missing - a.missing).slice(0, MAX_NOTES);
  const y = percent(priceShare(window) * NOTE_TOP);
  return (
    <g class="notes">
      {largest.map((hole) => {
        const { left, right } = edgesOf(hole, window);
        const { x, anchor, dx } = noteAt(left, right);
        const place = { x: percent(x), y, dx };
        return (
          <g
            key={hole.from}
            class={`note hole-${hole.class}`}
            text-anchor={anchor}
          >
            <text class="note-title" {...place}>{countText(hole.missing)}</text>
            <text {...place} dy="14">{HOLE_REASON[hole.class]}</text>
          </g>
        );
      })}
    </g>
  );
}

/** Beside the gap, on the side where there is more room; over one in the middle. */
function noteAt(left: number, right: number) {
  if (anchorAt(right) === "start") return { x: right, anchor: "start", dx: "8" } as const;
  if (anchorAt(left) === "end") return { x: left, anchor: "end", dx: "-8" } as const;
  const x = Math.min(0.64, Math.max(0.36, (left + right) / 2));
  return { x, anchor: "middle", dx: "0" } as const;
}

/** The gaps of which something is in view. */
function holesIn(window: ChartWindow, holes: readonly Hole[]): Hole[] {
  return holes.filter((hole) => {
    const { left, right } = edgesOf(hole, window);
    return left < right;
  });
}

/** A candle's time is the middle of its slot, so a gap begins half a slot earlier. */
function edgesOf({ from, to }: Hole, window: ChartWindow): { left: number; right: number } {
  const half = window.stepMs / 2;
  return {
    left: Math.max(0, xOf(window, from - half)),
    right: Math.min(1, xOf(window, to - half)),
  };
}

function countText(missing: number): string {
  return missing === 1 ? "1 candle missing" : `${missing} candles missing`;
}
