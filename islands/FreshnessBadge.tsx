import { page } from "../lib/chart/session/page_signals.ts";
import type { EpochMs } from "../lib/core/time.ts";
import { type ChartState, toBadgeWords } from "../lib/pages/charts/freshness_words.ts";
import { StatusBadge } from "../lib/pages/charts/StatusBadge.tsx";
import { useServerTime } from "../lib/pages/components/use_server_time.ts";

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
