import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { areShortcutsOn, setShortcuts, SHORTCUTS } from "../../../chart/session/shortcuts.ts";
import { CHART_KEYS, SHORTCUT_WORDS } from "./key_words.ts";
import { Sheet } from "./Sheet.tsx";

/** Every key of the charts page, and the switch for those that are single characters. */
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
        Single keys act on the page
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
