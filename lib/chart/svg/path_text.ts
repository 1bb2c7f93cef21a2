/** To the hundredth: of a slot on the time axis, a fraction of a px. */
export function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Two numbers of a path as short as they go: a minus sign and a leading point part them. */
export function pair(x: number, y: number): string {
  const second = short(y);
  return `${short(x)}${second.startsWith("-") ? "" : " "}${second}`;
}

/** `.42` of 0.42. */
export function short(value: number): string {
  const text = `${value}`;
  if (text.startsWith("0.")) return text.slice(1);
  return text.startsWith("-0.") ? `-${text.slice(2)}` : text;
}
