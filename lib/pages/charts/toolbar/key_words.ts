import type { ShortcutAction } from "../../../chart/session/shortcuts.ts";

/** What the key of each action does. */
export const SHORTCUT_WORDS: Record<ShortcutAction, string> = {
  "1h": "1 hour candles",
  "4h": "4 hour candles",
  "1d": "1 day candles",
  "symbol": "find a symbol",
  "in": "zoom in",
  "out": "zoom out",
  "reset": "reset what is in view",
  "log": "logarithmic scale",
  "measure": "measure",
  "fullscreen": "full screen",
  "copy": "copy link",
  "csv": "CSV of what is in view",
  "png": "PNG",
  "theme": "theme",
  "keys": "this sheet",
};

/** Keys that work while the chart has the focus. */
export const CHART_KEYS = [
  { keys: "← →", does: "candle by candle; ten with Shift" },
  { keys: "Home End", does: "first and last candle" },
  { keys: "Page ↑ ↓", does: "earlier and later" },
  { keys: "Esc", does: "leave what is open" },
  { keys: "Ctrl or ⌘ + wheel", does: "zoom about the pointer" },
  { keys: "Shift + wheel", does: "earlier and later" },
] as const;
