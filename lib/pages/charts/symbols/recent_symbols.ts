const KEY = "wick-recent";
const MAX = 6;

/** Symbols recently shown in this browser, the latest first. */
export function recentSymbols(): string[] {
  try {
    return (localStorage.getItem(KEY) ?? "").split(" ").filter((symbol) => symbol !== "");
  } catch {
    return []; // storage may be blocked
  }
}

export function rememberSymbol(symbol: string): void {
  const others = recentSymbols().filter((one) => one !== symbol);
  try {
    localStorage.setItem(KEY, [symbol, ...others].slice(0, MAX).join(" "));
  } catch {
    // Then there are no recent symbols.
  }
}
