import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Candle } from "../lib/chart/candle.ts";
import { applyKey } from "../lib/chart/chart_keys.ts";
import type { ChartWindow } from "../lib/chart/chart_window.ts";
import type { Hole } from "../lib/chart/hole.ts";
import type { KlinePlot } from "../lib/chart/kline_plot.ts";
import { openKlineSession } from "../lib/chart/kline_session.ts";
import { newestCandle, pointedCandle } from "../lib/chart/page_signals.ts";
import type { Interval } from "../lib/core/interval.ts";
import { CandleSpeech } from "../lib/ui/CandleSpeech.tsx";
import { ChartOverlay } from "../lib/ui/ChartOverlay.tsx";
import { candlesHref } from "../lib/ui/href.ts";

export interface KlineChartProps {
  readonly basePath: string;
  readonly plotlyHref: string;
  readonly symbol: string;
  readonly interval: Interval;
  /** Open time of the first candle shown. */
  readonly from: number;
  /** End of a range that does not move. */
  readonly to: number | undefined;
  /** Candles that one bar stands for. */
  readonly perBar: number;
  readonly holes: readonly Hole[];
  readonly decimals: number;
  readonly label: string;
}

/** Most candles that a page shows, drawn one by one or merged. */
const MAX_CANDLES = 5000;

/** Puts Plotly in the place of the server's picture; where it cannot, the picture stays. */
export default function KlineChart(props: KlineChartProps) {
  const { basePath, symbol, interval, from, to, holes, decimals, label } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<KlinePlot>(null);
  const window = useSignal<ChartWindow | undefined>(undefined);
  const bars = useSignal<readonly Candle[]>([]);
  const hasFailed = useSignal(false);

  useEffect(() => {
    const abort = new AbortController();
    openKlineSession({
      ...props,
      host: host.current!,
      id: `${symbol}|${interval}`,
      candlesHref: (from) => candlesHref(basePath, { symbol, interval, from, to }, MAX_CANDLES),
      isLive: to === undefined,
      onBars: (now) => newestCandle.value = (bars.value = now).at(-1),
      onWindow: (now) => window.value = now,
      onPoint: (bar) => pointedCandle.value = bar,
    }, abort.signal).then(
      (opened) => plot.current = opened,
      () => hasFailed.value = !abort.signal.aborted,
    );
    return () => {
      abort.abort();
      pointedCandle.value = newestCandle.value = undefined;
    };
  }, [symbol, interval, from, to]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (plot.current && applyKey(event, plot.current, pointedCandle.value)) event.preventDefault();
  };
  const isReady = window.value !== undefined;
  const engine = (
    <div
      class="engine"
      ref={host}
      tabIndex={isReady ? 0 : undefined}
      role={isReady ? "application" : undefined}
      aria-roledescription={isReady ? "candlestick chart" : undefined}
      aria-label={isReady ? `${label}. Arrow keys go from candle to candle.` : undefined}
      onKeyDown={onKeyDown}
      onBlur={() => pointedCandle.value = undefined}
    />
  );
  return (
    <div class="live" data-ready={isReady ? "" : undefined}>
      <ChartOverlay
        {...{ holes, decimals }}
        window={window.value}
        bars={bars.value}
        pointed={pointedCandle.value}
      >
        {engine}
      </ChartOverlay>
      <CandleSpeech candle={pointedCandle.value} bars={bars.value} decimals={decimals} />
      {hasFailed.value && <p class="chart-note">Basic chart: the full one did not load</p>}
    </div>
  );
}
