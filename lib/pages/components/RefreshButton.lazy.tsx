import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { refreshPage } from "../../chart/session/page_refresh.ts";
import { everyVisible } from "../../chart/session/visible_timer.ts";
import { SECOND_MS } from "../../core/time.ts";
import { Icon } from "./Icon.tsx";

/** Updates the page's live parts without a reload, until the user pauses it. */
export function RefreshButton({ everyS }: { readonly everyS: number }) {
  const isPaused = useSignal(false);
  const isLost = useSignal(false);
  useEffect(() => {
    const abort = new AbortController();
    everyVisible(everyS * SECOND_MS, async () => {
      if (isPaused.value) return;
      const isAnswered = await refreshPage(location.href, abort.signal).catch(() => false);
      if (!abort.signal.aborted) isLost.value = !isAnswered;
    }, abort.signal);
    return () => abort.abort();
  }, [everyS]);
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
