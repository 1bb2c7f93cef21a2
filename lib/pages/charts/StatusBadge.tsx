import type { BadgeWords } from "./freshness_words.ts";
import { Icon } from "../components/Icon.tsx";

/**
 * State of a chart as icon, word and detail: colour only repeats them. Listeners hear of new states,
 * not of every second.
 */
export function StatusBadge({ kind, word, detail }: BadgeWords) {
  return (
    <span class={`badge badge-${kind}`}>
      <Icon name={kind} />
      <span role="status">{word}</span>
      {/* Of another state it is another one: it has not moved. */}
      {detail && <span key={kind} class="badge-detail">{`· ${detail}`}</span>}
    </span>
  );
}
