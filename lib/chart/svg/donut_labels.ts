import { DONUT_HOLE, DONUT_RADIUS } from "../model/donut_arcs.ts";

/** Smaller shares are labelled in the table only. */
export const MIN_LABEL_SHARE = 0.03;
/** Shares from here on have their label inside the slice. */
const MIN_INSIDE_SHARE = 0.08;
const OUTSIDE_RADIUS = DONUT_RADIUS + 9;
/** Minimum distance between baselines of labels on the same side. */
const LINE = 12;

export interface DonutLabel {
  /** Text of the share. */
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
  readonly isInside: boolean;
}

/** Positions of labels next to or on the slices that `toDonut` draws for the same shares. */
export function toDonutLabels(shares: readonly number[]): DonutLabel[] {
  let start = 0;
  const labels = shares.flatMap((share, index) => {
    const angle = (start + share / 2) * 2 * Math.PI;
    start += share;
    return share < MIN_LABEL_SHARE ? [] : [labelAt(index, share, angle)];
  });
  const outside = labels.filter(({ isInside }) => !isInside);
  for (const side of ["start", "end"] as const) {
    spread(outside.filter(({ anchor }) => anchor === side));
  }
  return labels;
}

type Movable = { -readonly [Key in keyof DonutLabel]: DonutLabel[Key] };

function labelAt(index: number, share: number, angle: number): Movable {
  const isInside = share >= MIN_INSIDE_SHARE;
  const radius = isInside ? DONUT_RADIUS * (1 + DONUT_HOLE) / 2 : OUTSIDE_RADIUS;
  const x = radius * Math.sin(angle);
  return {
    index,
    isInside,
    x: Math.round(x * 10) / 10,
    y: Math.round(-radius * Math.cos(angle) * 10) / 10,
    anchor: isInside ? "middle" : x < 0 ? "end" : "start",
  };
}

/** Moves labels on one side apart, downwards. */
function spread(labels: Movable[]): void {
  labels.sort((a, b) => a.y - b.y);
  for (let i = 1; i < labels.length; i++) {
    labels[i]!.y = Math.max(labels[i]!.y, labels[i - 1]!.y + LINE);
  }
}
