import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { copyText } from "../lib/chart/session/copy_text.ts";
import { page } from "../lib/chart/session/page_signals.ts";
import type { PngWords } from "../lib/chart/session/png_export.ts";
import { chartAddressHere, withRange } from "../lib/chart/session/range_in_links.ts";
import type { Zone } from "../lib/chart/model/zone.ts";
import { shownRangeOf } from "../lib/chart/session/shown_range.ts";
import { endOf, type Interval } from "../lib/core/interval.ts";
import { ToolButton } from "../lib/pages/charts/toolbar/ToolButton.tsx";
import { loadOnDemand, useOnDemand } from "../lib/pages/charts/toolbar/load_on_demand.ts";

export interface ChartShareProps {
  readonly symbol: string;
  readonly interval: Interval;
  readonly pair: string;
  /** Where the candles come from, in words. */
  readonly source: string;
}

/** Ways to take the chart elsewhere, and the sheet of keys. */
export default function ChartShare({ symbol, interval, pair, source }: ChartShareProps) {
  const areKeysWanted = useSignal(false);
  const keySheet = useOnDemand(areKeysWanted.value, () => areKeysWanted.value = false);
  const copied = useSignal("");
  const hasNoPng = useSignal(false);
  const running = page.running.value;
  const words: PngWords = { pair, symbol, source, zone: zoneName(page.zone.value) };

  useEffect(() => {
    const abort = new AbortController();
    let press: ((event: KeyboardEvent) => void) | undefined;
    document.addEventListener("keydown", async (event) => {
      // Comes with the first key, which acts a moment later.
      press ??= (await import("../lib/chart/session/run_shortcut.ts").catch(() => undefined))
        ?.pressKey;
      press?.(event);
    }, { signal: abort.signal });
    return () => abort.abort();
  }, []);

  const copyLink = async () => {
    const address = chartAddressHere({ symbol, interval });
    const href = running && page.range.value !== undefined
      ? withRange(address, {
        range: shownRangeOf(running.chart),
        interval,
        end: endOf(running.chart.newest, interval),
      })
      : address;
    copied.value = await copyText(href) ? "Copied" : href;
    setTimeout(() => copied.value = "", 3_000);
  };
  const savePng = async () => {
    if (!running) return;
    try {
      const { pngName, toPng } = await loadOnDemand();
      save(await toPng(running, words), pngName(running, words));
      hasNoPng.value = false;
    } catch {
      hasNoPng.value = true;
    }
  };
  return (
    <div class="chart-tools needs-script">
      <ToolButton
        icon="picture"
        name={hasNoPng.value ? "No PNG: reload the page" : "PNG"}
        action="png"
        isOff={running === undefined}
        onClick={savePng}
      />
      <ToolButton
        icon="link"
        name={copied.value === "Copied" ? "Copied" : "Copy link"}
        action="copy"
        onClick={copyLink}
      />
      <button
        type="button"
        class="button button-square"
        data-key="keys"
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

function save(href: string, name: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  link.click();
}

function zoneName(zone: Zone): string {
  return zone.isUtc ? "UTC" : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
