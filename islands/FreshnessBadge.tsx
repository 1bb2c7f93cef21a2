import { newestCandle } from "../lib/chart/page_signals.ts";
import type { EpochMs } from "../lib/core/time.ts";
import { type ChartState, toBadgeWords } from "../lib/ui/freshness_words.ts";
import { StatusBadge } from "../lib/ui/StatusBadge.tsx";
import { useServerTime } from "../lib/ui/use_server_time.ts";

export interface FreshnessBadgeProps extends ChartState {
  readonly serverTime: EpochMs;
}

/** How current the chart is, as time goes on. */
export default function FreshnessBadge({ serverTime, ...state }: FreshnessBadgeProps) {
  const time = useServerTime(serverTime);
  const lastOpenTime = newestCandle.value?.openTime ?? state.lastOpenTime;
  const words = toBadgeWords({ ...state, lastOpenTime }, time.value);
  return <StatusBadge {...words} />;
}
