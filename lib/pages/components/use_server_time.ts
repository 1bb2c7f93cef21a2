import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { everyVisible } from "../../chart/session/visible_timer.ts";
import { type EpochMs, SECOND_MS } from "../../core/time.ts";

/**
 * The server's clock, continued in the browser; ticks every `everyMs` while the page is visible.
 */
export function useServerTime(serverTime: EpochMs, everyMs = SECOND_MS) {
  const time = useSignal(serverTime);
  useEffect(() => {
    const abort = new AbortController();
    const start = answeredAt();
    everyVisible(everyMs, () => {
      time.value = serverTime + performance.now() - start;
    }, abort.signal);
    return () => abort.abort();
  }, [serverTime]);
  return time;
}

/** Time at which the server's time was received: with the first byte. */
function answeredAt(): number {
  const [navigation] = performance.getEntriesByType("navigation");
  const { responseStart = 0 } = (navigation ?? {}) as Partial<PerformanceNavigationTiming>;
  return responseStart > 0 ? responseStart : performance.now();
}
