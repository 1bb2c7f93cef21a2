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

/** Freshness of the chart, updated over time. */
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
 * State of a chart as icon, word and detail; colour only repeats them. Screen readers announce new
 * states, not every second.
 */
function StatusBadge({ kind, word, detail }: BadgeWords) {
  return (
    <span class={`badge badge-${kind}`}>
      <Icon name={kind} />
      <span role="status">{word}</span>
      {/* A new element for each state, so that it does not count as a layout shift. */}
      {detail && <span key={kind} class="badge-detail">{`· ${detail}`}</span>}
    </span>
  );
}
