import {
  anchorAt,
  type ChartWindow,
  percent,
  priceShare,
  xOf,
} from "../../../chart/model/chart_window.ts";
import { type ChartGap, GAP_REASON } from "../../../chart/model/chart_gap.ts";

/** Maximum number of labelled gaps. */
const MAX_NOTES = 3;

/** Position of the labels in the price pane. */
const NOTE_TOP = 0.86;

export interface GapsProps {
  readonly window: ChartWindow;
  readonly gaps: readonly ChartGap[];
}

/** Hatched areas for missing candles; lines are interrupted there. */
export function GapBands({ window, gaps }: GapsProps) {
  return (
    <g class="gaps">
      {gapsIn(window, gaps).map((gap) => {
        const { left, right } = edgesOf(gap, window);
        const box = { x: percent(left), width: percent(right - left) };
        return (
          <g key={gap.from} class={`gap gap-${gap.class}`}>
            {/* With a key, because Fresh would take a title without one for the page's title. */}
            <title key="gap">{`${countText(gap.missing)}: ${GAP_REASON[gap.class]}`}</title>
            <rect class="gap-wash" {...box} />
            <rect class="gap-hatch" {...box} />
          </g>
        );
      })}
    </g>
  );
}

/** Number of missing candles and reason, next to the largest gaps. */
export function GapNotes({ window, gaps }: GapsProps) {
  const largest = gapsIn(window, gaps).sort((a, b) => b.missing - a.missing).slice(0, MAX_NOTES);
  const y = percent(priceShare(window) * NOTE_TOP);
  return (
    <g class="notes">
      {largest.map((gap) => {
        const { left, right } = edgesOf(gap, window);
        const { x, anchor, dx } = noteAt(left, right);
        const place = { x: percent(x), y, dx };
        return (
          <g
            key={gap.from}
            class={`note gap-${gap.class}`}
            text-anchor={anchor}
          >
            <text class="note-title" {...place}>{countText(gap.missing)}</text>
            <text {...place} dy="14">{GAP_REASON[gap.class]}</text>
          </g>
        );
      })}
    </g>
  );
}

/** Next to the gap, on the side with more space; over a gap in the middle. */
function noteAt(left: number, right: number) {
  if (anchorAt(right) === "start") return { x: right, anchor: "start", dx: "8" } as const;
  if (anchorAt(left) === "end") return { x: left, anchor: "end", dx: "-8" } as const;
  const x = Math.min(0.64, Math.max(0.36, (left + right) / 2));
  return { x, anchor: "middle", dx: "0" } as const;
}

/** The gaps that are partly in view. */
function gapsIn(window: ChartWindow, gaps: readonly ChartGap[]): ChartGap[] {
  return gaps.filter((gap) => {
    const { left, right } = edgesOf(gap, window);
    return left < right;
  });
}

/** A candle's time is the middle of its slot, so a gap starts half a slot earlier. */
function edgesOf({ from, to }: ChartGap, window: ChartWindow): { left: number; right: number } {
  const half = window.stepMs / 2;
  return {
    left: Math.max(0, xOf(window, from - half)),
    right: Math.min(1, xOf(window, to - half)),
  };
}

function countText(missing: number): string {
  return missing === 1 ? "1 candle missing" : `${missing} candles missing`;
}
