/** Rounds to a hundredth: of a slot on the time axis, less than a px. */
export function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Two numbers of a path in the shortest form: a minus sign or a leading point separates them. */
export function pair(x: number, y: number): string {
  const second = short(y);
  return `${short(x)}${second.startsWith("-") ? "" : " "}${second}`;
}

/** `.42` for 0.42. */
export function short(value: number): string {
  const text = `${value}`;
  if (text.startsWith("0.")) return text.slice(1);
  return text.startsWith("-0.") ? `-${text.slice(2)}` : text;
}

/** A line through points at whole pixels; each is relative to the one before. */
export function lineThrough(points: readonly (readonly [x: number, y: number])[]): string {
  let [x, y] = points[0]!;
  const start = `M${pair(x, y)}`;
  const steps = points.slice(1).map((point) => {
    const step = pair(point[0] - x, point[1] - y);
    [x, y] = point;
    return step;
  });
  return `${start}l${steps.join(" ").replaceAll(" -", "-")}`;
}
