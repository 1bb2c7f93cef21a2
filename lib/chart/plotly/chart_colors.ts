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
  /** By the coin's number, starting at 1. */
  readonly coins: readonly string[];
  readonly fontFamily: string;
}

const COINS = 10;

/**
 * Reads the tokens of `static/styles.css` inside `parent`. A custom property with `light-dark()` is
 * returned unresolved, so each is read as the colour of a probe element.
 */
export function readChartColors(parent: HTMLElement): ChartColors {
  const probe = document.createElement("span");
  probe.hidden = true;
  parent.append(probe);
  const style = getComputedStyle(probe);
  const read = (token: string) => {
    probe.style.color = `var(--${token})`;
    return style.color;
  };
  const colors: ChartColors = {
    up: read("up"),
    upFill: read("up-fill"),
    down: read("down"),
    downFill: read("down-fill"),
    volume: read("volume"),
    text: read("text-3"),
    ink: read("text"),
    grid: read("grid"),
    surface: read("surface"),
    coins: Array.from({ length: COINS }, (_, i) => read(`coin-${i + 1}`)),
    fontFamily: style.fontFamily,
  };
  probe.remove();
  return colors;
}

/** Calls `onChange` whenever the page's colours may have changed. */
export function watchColors(onChange: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: [THEME, PALETTE] });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange, { signal });
}
