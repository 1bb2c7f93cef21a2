import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import type { Candle } from "../../chart/model/candle.ts";
import type { KlineChart } from "../../chart/plotly/kline_chart.ts";
import type { KlineView } from "../../chart/plotly/kline_views.ts";
import { page } from "../../chart/session/page_signals.ts";
import { barsIn } from "../../chart/session/shown_range.ts";
import { useLazy } from "../components/use_lazy.ts";

type Access = typeof import("./chart_access.lazy.ts");
let loading: Promise<Access> | undefined;

/** One promise for all who wait: keys pressed in between act in their order, before later ones. */
function loadAccess(): Promise<Access> {
  return loading ??= import("./chart_access.lazy.ts").catch((error) => {
    loading = undefined;
    throw error;
  });
}

export interface ChartEngineProps {
  readonly host: RefObject<HTMLDivElement>;
  readonly chart: RefObject<KlineChart>;
  readonly label: string;
  readonly decimals: number;
}

/** Plotly's element, with its name and keys, and the voice that names the candle at the cursor. */
export function useChartEngine({ host, chart, label, decimals }: ChartEngineProps) {
  const hasFocus = useSignal(false);
  const access = useLazy(hasFocus.value, loadAccess);
  const view = page.view.value;
  const engine = (
    <div
      class="engine"
      ref={host}
      tabIndex={view && 0}
      role={view && "application"}
      aria-roledescription={view && "price chart"}
      aria-label={view && `${label}, ${countText(view)}. Arrow keys go from candle to candle.`}
      onFocus={() => hasFocus.value = true}
      onKeyDown={(event) => pressKey(event, access, chart.current)}
      onBlur={() => page.pointed.value = undefined}
    />
  );
  const speech = access && (
    <access.CandleSpeech
      candle={page.pointed.value}
      bars={view?.bars ?? []}
      decimals={decimals}
    />
  );
  return { engine, speech };
}

function pressKey(
  event: KeyboardEvent,
  access: Access | undefined,
  chart: KlineChart | null,
): void {
  const apply = ({ applyKey }: Access) => {
    const target = chart && {
      chart,
      pointed: page.pointed.value,
      onPoint: (candle: Candle) => page.pointed.value = candle,
    };
    if (target && applyKey(event, target)) event.preventDefault();
  };
  if (access) return apply(access);
  // Loading started with the focus; the keys it handles are reserved from the start.
  const isOurs = /^(Arrow[LR]|Home|End|Page|[-+=0]$)/.test(event.key);
  if (!isOurs || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  loadAccess().then(apply, () => {});
}

/** `1h, 300 candles`, of those in view. */
function countText(view: KlineView): string {
  return `${view.interval}, ${barsIn(view).length} candles`;
}
