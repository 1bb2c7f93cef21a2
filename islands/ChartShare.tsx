import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ACTION, attribute, STARS } from "../lib/chart/page_names.ts";
import { page } from "../lib/chart/session/page_signals.ts";
import type { NamedChart } from "../lib/chart/session/png_export.ts";
import type { Interval } from "../lib/core/interval.ts";
import { ToolButton } from "../lib/pages/charts/toolbar/ToolButton.tsx";
import { loadOnDemand, prepare, useOnDemand } from "../lib/pages/charts/toolbar/load_on_demand.ts";

export interface ChartShareProps {
  readonly symbol: string;
  readonly interval: Interval;
  readonly pair: string;
  /** Source of the candles, for display. */
  readonly source: string;
}

/** Buttons to export or share the chart, and the list of shortcuts. */
export default function ChartShare({ symbol, interval, pair, source }: ChartShareProps) {
  const areKeysWanted = useSignal(false);
  const keySheet = useOnDemand(areKeysWanted.value, () => areKeysWanted.value = false);
  const copied = useSignal("");
  useEffect(() => {
    document.onkeydown = document.onsubmit = answer;
  }, []);
  const copyLink = async () => {
    const { linkToView, copyText } = await loadOnDemand();
    const href = linkToView(symbol, interval);
    copied.value = await copyText(href) ? "Copied" : href;
    setTimeout(() => copied.value = "", 3_000);
  };
  return (
    <div class="chart-tools needs-script" onPointerEnter={prepare} onFocusIn={prepare}>
      <PngButton symbol={symbol} pair={pair} source={source} />
      <ToolButton
        icon="link"
        name={copied.value === "Copied" ? "Copied" : "Copy link"}
        action="copy"
        onClick={copyLink}
      />
      <button
        type="button"
        class="button button-square"
        {...attribute(ACTION, "keys")}
        aria-label="Keys"
        title="Keys"
        onClick={() => areKeysWanted.value = true}
      >
        ?
      </button>
      <p class="unseen" role="status">{copied.value}</p>
      {keySheet && areKeysWanted.value && (
        <keySheet.KeySheet onClose={() => areKeysWanted.value = false} />
      )}
    </div>
  );
}

function PngButton(named: NamedChart) {
  const hasFailed = useSignal(false);
  const running = page.running.value;
  const savePng = async () => {
    if (!running) return;
    try {
      await (await loadOnDemand()).savePng(running, named);
      hasFailed.value = false;
    } catch {
      hasFailed.value = true;
    }
  };
  return (
    <ToolButton
      icon="picture"
      name={hasFailed.value ? "PNG failed: reload the page" : "PNG"}
      action="png"
      isOff={running === undefined}
      onClick={savePng}
    />
  );
}

/** Handles shortcuts and stars of the whole page; their code is loaded with the first one. */
function answer(event: Event): void {
  if ((event.target as Element).id === STARS) event.preventDefault();
  loadOnDemand().then((it) => it.answerEvent(event), () => {});
}
