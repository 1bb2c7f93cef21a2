import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import {
  areShortcutsOn,
  setShortcuts,
  type ShortcutAction,
  SHORTCUTS,
} from "../../../chart/session/shortcuts.ts";
import { Sheet } from "./Sheet.tsx";

/** All shortcuts of the charts page, and a switch for single-key ones. */
export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const isOn = useSignal(true);
  useEffect(() => void (isOn.value = areShortcutsOn()), []);
  return (
    <Sheet id="keys-title" title="Keys" onClose={onClose}>
      <label class="switch">
        <input
          type="checkbox"
          checked={isOn.value}
          onChange={({ currentTarget: { checked } }) => setShortcuts(isOn.value = checked)}
        />
        Use single-key shortcuts
      </label>
      <div class="key-columns">
        <dl>
          {SHORTCUTS.map(({ keys, action }) => (
            <div key={action}>
              <dt>
                <kbd>{keys[0].toUpperCase()}</kbd>
              </dt>
              <dd>{SHORTCUT_WORDS[action]}</dd>
            </div>
          ))}
        </dl>
        <dl aria-label="While the chart has the focus">
          {CHART_KEYS.map(({ keys, does }) => (
            <div key={keys}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Sheet>
  );
}

/** Description of each action. */
const SHORTCUT_WORDS: Record<ShortcutAction, string> = {
  "1h": "1 hour candles",
  "4h": "4 hour candles",
  "1d": "1 day candles",
  "symbol": "find a symbol",
  "favourite": "mark as a favourite, or not",
  "in": "zoom in",
  "out": "zoom out",
  "reset": "reset the view",
  "log": "logarithmic scale",
  "type": "chart type",
  "measure": "measure",
  "fullscreen": "full screen",
  "copy": "copy link",
  "csv": "CSV of the view",
  "png": "PNG",
  "theme": "theme",
  "keys": "this sheet",
};

/** Keys that work while the chart has the focus. */
const CHART_KEYS = [
  { keys: "← →", does: "candle by candle; ten with Shift" },
  { keys: "Home End", does: "first and last candle" },
  { keys: "Page ↑ ↓", does: "earlier and later" },
  { keys: "Esc", does: "close menus and dialogs" },
  { keys: "Ctrl or ⌘ + wheel", does: "zoom around the pointer" },
  { keys: "Shift + wheel", does: "earlier and later" },
] as const;
