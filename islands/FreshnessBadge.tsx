import { page } from "../lib/chart/session/page_signals.ts";
import type { EpochMs } from "../lib/core/time.ts";
import {
  type BadgeWords,
  type ChartState,
  toBadgeWords,
} from "../lib/pages/charts/freshness_words.ts";
import { useServerTime } from "../lib/pages/components/use_server_time.ts";
import { Icon } from "../lib/pages/components/Icon.tsx";

export interface FreshnessBadgeProps extends ChartState {
  readonly serverTime: EpochMs;
}

/** How current the chart is, as time goes on. */
export default function FreshnessBadge({ serverTime, ...state }: FreshnessBadgeProps) {
  const time = useServerTime(serverTime);
  const now = time.value;
  const line = page.live.value;
  const words = toBadgeWords({
    ...state,
    lastOpenTime: page.newest.value?.openTime ?? state.lastOpenTime,
    frozenTo: page.range.value === undefined ? state.frozenTo : page.range.value.to,
    line: line && { state: line, silentMs: performance.now() - page.heardAt.value },
  }, now);
  return <StatusBadge {...words} />;
}

/**
 * State of a chart as icon, word and detail: colour only repeats them. Listeners hear of new states,
 * not of every second.
 */
function StatusBadge({ kind, word, detail }: BadgeWords) {
  return (
    <span class={`badge badge-${kind}`}>
      <Icon name={kind} />
      <span role="status">{word}</span>
      {/* Of another state it is another one: it has not moved. */}
      {detail && <span key={kind} class="badge-detail">{`· ${detail}`}</span>}
    </span>
  );
}
