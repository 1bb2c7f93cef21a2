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
