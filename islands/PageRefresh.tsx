import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { everyVisible } from "../lib/chart/visible_timer.ts";
import { SECOND_MS } from "../lib/core/time.ts";
import { Icon } from "../lib/ui/Icon.tsx";

export interface PageRefreshProps {
  readonly everyS: number;
  /** Where the page goes without scripts, to load itself again from time to time or to stop that. */
  readonly href: string;
  /** Whether the page loads itself again, without scripts. */
  readonly isRefreshing: boolean;
}

async function refresh(signal: AbortSignal): Promise<boolean> {
  const { refreshPage } = await import("../lib/chart/page_refresh.ts");
  return await refreshPage(location.href, signal);
}

/**
 * Keeps the page's live parts current without a reload, until the reader pauses it. Before scripts
 * run it is a link that does the same by way of the server.
 */
export default function PageRefresh({ everyS, href, isRefreshing }: PageRefreshProps) {
  const isAlive = useSignal(false);
  const isPaused = useSignal(false);
  const isLost = useSignal(false);

  useEffect(() => {
    const abort = new AbortController();
    isAlive.value = true;
    if (isRefreshing) location.replace(href); // from here on this is at work, not the server's header
    everyVisible(everyS * SECOND_MS, async () => {
      if (isPaused.value) return;
      const isAnswered = await refresh(abort.signal).catch(() => false);
      if (!abort.signal.aborted) isLost.value = !isAnswered;
    }, abort.signal);
    return () => abort.abort();
  }, [everyS]);

  if (!isAlive.value) {
    return (
      <a class="button refresh" href={href}>
        <Icon name={isRefreshing ? "frozen" : "later"} />
        {isRefreshing ? "Pause refresh" : `Refresh every ${everyS} s`}
      </a>
    );
  }
  return (
    <button
      type="button"
      class="button refresh"
      aria-pressed={isPaused.value}
      onClick={() => isPaused.value = !isPaused.value}
    >
      <Icon name={isPaused.value ? "later" : "frozen"} />
      {isPaused.value ? "Resume refresh" : "Pause refresh"}
      {isLost.value && !isPaused.value && <small role="status">no answer, trying again</small>}
    </button>
  );
}
