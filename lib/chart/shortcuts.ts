/** What single keys do on the charts page; the sheet lists them in this order. */
export const SHORTCUTS = [
  { keys: ["1"], action: "1h", does: "1 hour candles" },
  { keys: ["4"], action: "4h", does: "4 hour candles" },
  { keys: ["d"], action: "1d", does: "1 day candles" },
  { keys: ["/"], action: "symbol", does: "find a symbol" },
  { keys: ["+", "="], action: "in", does: "zoom in" },
  { keys: ["-"], action: "out", does: "zoom out" },
  { keys: ["0"], action: "reset", does: "reset what is in view" },
  { keys: ["l"], action: "log", does: "logarithmic scale" },
  { keys: ["m"], action: "measure", does: "measure" },
  { keys: ["f"], action: "fullscreen", does: "full screen" },
  { keys: ["c"], action: "copy", does: "copy link" },
  { keys: ["s"], action: "csv", does: "CSV of what is in view" },
  { keys: ["p"], action: "png", does: "PNG" },
  { keys: ["t"], action: "theme", does: "theme" },
  { keys: ["?"], action: "keys", does: "this sheet" },
] as const;

export type ShortcutAction = typeof SHORTCUTS[number]["action"];

/** Keys that work while the chart has the focus. */
export const CHART_KEYS = [
  { keys: "← →", does: "candle by candle; ten with Shift" },
  { keys: "Home End", does: "first and last candle" },
  { keys: "Page ↑ ↓", does: "earlier and later" },
  { keys: "Esc", does: "leave what is open" },
  { keys: "Ctrl or ⌘ + wheel", does: "zoom about the pointer" },
  { keys: "Shift + wheel", does: "earlier and later" },
] as const;

const KEY = "wick-keys";

/** Single keys can be switched off: some people's software types them by itself. */
export function areShortcutsOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function setShortcuts(isOn: boolean): void {
  try {
    localStorage.setItem(KEY, isOn ? "on" : "off");
  } catch {
    // Browsers may forbid it: then they stay on.
  }
}

/** The action of a key press, unless it is meant for a field or for the browser. */
export function findShortcut(event: KeyboardEvent): ShortcutAction | undefined {
  const { key, ctrlKey, metaKey, altKey, target, defaultPrevented } = event;
  if (ctrlKey || metaKey || altKey || defaultPrevented || event.isComposing) return undefined;
  if (target instanceof Element && target.closest(FIELDS)) return undefined;
  return SHORTCUTS.find(({ keys }) => (keys as readonly string[]).includes(key.toLowerCase()))
    ?.action;
}

/** Radio buttons take no text. */
const FIELDS =
  "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog";
