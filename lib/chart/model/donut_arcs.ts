/** Outer radius of a ring around 0 0; the gap is two thirds of it. */
export const DONUT_RADIUS = 100;
export const DONUT_HOLE = 0.66;

/** One path per value, clockwise from the top; empty where the value is not positive. */
export function toDonut(values: readonly number[]): string[] {
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let start = 0;
  return values.map((value) => {
    if (!(value > 0)) return "";
    const end = start + value / total;
    const path = slice(start, end);
    start = end;
    return path;
  });
}

function slice(start: number, end: number): string {
  // An arc with equal start and end draws nothing.
  const stop = Math.min(end, start + 0.9999);
  const isLarge = stop - start > 0.5 ? 1 : 0;
  const inner = DONUT_RADIUS * DONUT_HOLE;
  const arc = (radius: number, to: number, sweep: number) =>
    `A${radius} ${radius} 0 ${isLarge} ${sweep} ${point(radius, to)}`;
  return `M${point(DONUT_RADIUS, start)}${arc(DONUT_RADIUS, stop, 1)}` +
    `L${point(inner, stop)}${arc(inner, start, 0)}z`;
}

function point(radius: number, turn: number): string {
  const angle = turn * 2 * Math.PI;
  return `${tenth(radius * Math.sin(angle))} ${tenth(-radius * Math.cos(angle))}`;
}

/** A tenth of a unit is a tenth of a px. */
function tenth(value: number): number {
  return Math.round(value * 10) / 10 || 0; // not -0
}
