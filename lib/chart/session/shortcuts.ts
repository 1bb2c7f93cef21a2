/** Single-key shortcuts of the charts page, in the order of the shortcut list. */
export const SHORTCUTS = [
  { keys: ["1"], action: "1h" },
  { keys: ["4"], action: "4h" },
  { keys: ["d"], action: "1d" },
  { keys: ["/"], action: "symbol" },
  { keys: ["b"], action: "favourite" },
  { keys: ["+", "="], action: "in" },
  { keys: ["-"], action: "out" },
  { keys: ["0"], action: "reset" },
  { keys: ["l"], action: "log" },
  { keys: ["k"], action: "type" },
  { keys: ["m"], action: "measure" },
  { keys: ["f"], action: "fullscreen" },
  { keys: ["c"], action: "copy" },
  { keys: ["s"], action: "csv" },
  { keys: ["p"], action: "png" },
  { keys: ["t"], action: "theme" },
  { keys: ["?"], action: "keys" },
] as const;

export type ShortcutAction = typeof SHORTCUTS[number]["action"];

const KEY = "wick-keys";

/** Single keys can be switched off: speech input, for one, types them unasked. */
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
    // Storage may be blocked: then shortcuts stay on.
  }
}

/** The action of a key press, unless a field or the browser handles the key. */
export function findShortcut(event: KeyboardEvent): ShortcutAction | undefined {
  const { key, ctrlKey, metaKey, altKey, target, defaultPrevented } = event;
  if (ctrlKey || metaKey || altKey || defaultPrevented || event.isComposing) return undefined;
  if (target instanceof Element && target.closest(FIELDS)) return undefined;
  return SHORTCUTS.find(({ keys }) => (keys as readonly string[]).includes(key.toLowerCase()))
    ?.action;
}

/** Radio buttons take no text input. */
const FIELDS =
  "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog";
