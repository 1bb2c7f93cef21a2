import { PALETTE, THEME } from "../page_names.ts";

/** Colours and type of the page, resolved for drawing code that knows no CSS. */
export interface ChartColors {
  readonly up: string;
  readonly upFill: string;
  readonly down: string;
  readonly downFill: string;
  readonly volume: string;
  readonly text: string;
  readonly ink: string;
  readonly grid: string;
  readonly surface: string;
  readonly fontFamily: string;
}

/** Tokens in the order of `ChartColors`. */
const TOKENS = "up up-fill down down-fill volume text-3 text grid surface";

/**
 * Reads tokens of `static/styles.css` as colours inside `parent`. A custom property with
 * `light-dark()` is returned unresolved, so each is read as the colour of a probe element.
 */
export function readTokens(parent: HTMLElement, tokens: readonly string[]): string[] {
  const probe = document.createElement("span");
  probe.hidden = true;
  parent.append(probe);
  const style = getComputedStyle(probe);
  const colors = tokens.map((token) => {
    probe.style.color = `var(--${token})`;
    return style.color;
  });
  probe.remove();
  return colors;
}

export function readChartColors(parent: HTMLElement): ChartColors {
  const [up, upFill, down, downFill, volume, text, ink, grid, surface] = readTokens(
    parent,
    TOKENS.split(" "),
  ) as [string, string, string, string, string, string, string, string, string];
  const { fontFamily } = getComputedStyle(parent);
  return { up, upFill, down, downFill, volume, text, ink, grid, surface, fontFamily };
}

/** Calls `onChange` whenever the page's colours may have changed. */
export function watchColors(onChange: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: [THEME, PALETTE] });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange, { signal });
}
