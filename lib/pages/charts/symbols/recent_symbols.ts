const KEY = "wick-recent";
const MAX = 6;

/** Symbols whose charts this browser has shown, the latest first. */
export function recentSymbols(): string[] {
  try {
    return (localStorage.getItem(KEY) ?? "").split(" ").filter((symbol) => symbol !== "");
  } catch {
    return []; // browsers may forbid it
  }
}

export function rememberSymbol(symbol: string): void {
  const others = recentSymbols().filter((one) => one !== symbol);
  try {
    localStorage.setItem(KEY, [symbol, ...others].slice(0, MAX).join(" "));
  } catch {
    // Then nothing is recent.
  }
}
