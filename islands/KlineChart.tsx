import { useRef } from "preact/hooks";
import { page } from "../lib/chart/session/page_signals.ts";
import { useChartEngine } from "../lib/pages/charts/ChartEngine.tsx";
import { ChartNote } from "../lib/pages/charts/picture/ChartNote.tsx";
import { ChartOverlay } from "../lib/pages/charts/picture/ChartOverlay.tsx";
import { type KlineChartProps, useKlineSession } from "../lib/pages/charts/use_kline_session.ts";
import { useLazy } from "../lib/pages/components/use_lazy.ts";

/** Replaces the server's picture by Plotly; if that fails, the picture stays. */
export default function KlineChart(props: KlineChartProps) {
  const { symbol, interval, decimals, label } = props;
  const host = useRef<HTMLDivElement>(null);
  const { chart, isDrawn, notice } = useKlineSession(props, host);
  const { engine, speech } = useChartEngine({ host, chart, label, decimals });
  const view = page.view.value;
  const isKnown = view !== undefined;
  const isLonger = isDrawn.value && isKnown && (view.perBar > 1 || view.interval !== interval);
  const auto = useLazy(isLonger, () => import("../lib/pages/charts/picture/AutoInterval.lazy.tsx"));
  return (
    <div
      class={page.isExploring.value ? "live exploring" : "live"}
      aria-busy={page.isBusy.value}
      data-known={isKnown ? "" : undefined}
      data-ready={isDrawn.value ? "" : undefined}
    >
      <ChartOverlay
        {...props}
        view={view}
        isDrawn={isDrawn.value}
        pointed={page.pointed.value}
      >
        {engine}
      </ChartOverlay>
      {speech}
      {auto && isLonger && <auto.AutoInterval view={view} interval={interval} symbol={symbol} />}
      <ChartNote {...notice} />
    </div>
  );
}
