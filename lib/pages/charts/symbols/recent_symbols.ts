const KEY = "wick-recent";
const MAX = 6;

const read = (): string[] => `${localStorage[KEY]}`.split(" ");

/** Symbols recently shown in this browser, the latest first; other text may be among them. */
export function recentSymbols(): string[] {
  try {
    return read();
  } catch {
    return []; // storage may be blocked
  }
}

export function rememberSymbol(symbol: string): void {
  try {
    const others = read().filter((one) => one !== symbol);
    localStorage[KEY] = [symbol, ...others].slice(0, MAX).join(" ");
  } catch {
    // Then there are no recent symbols.
  }
}
