import type { Interval } from "../core/interval.ts";
import { type Candle, withNewer } from "./candle.ts";
import type { ChartWindow } from "./chart_window.ts";
import { fetchCandles } from "./fetch_candles.ts";
import { KlinePlot } from "./kline_plot.ts";
import { loadPlotly } from "./load_plotly.ts";
import { drawnStepMs, MAX_DRAWN, mergeCandles, NARROW } from "./merge_candles.ts";
import { takeOverMoves } from "./move_buttons.ts";
import { everyVisible } from "./visible_timer.ts";
import { whenWanted } from "./when_wanted.ts";

/** What the page says about the chart that is to come alive. */
export interface KlineSessionOptions {
  readonly host: HTMLElement;
  readonly id: string;
  readonly interval: Interval;
  readonly perBar: number;
  readonly plotlyHref: string;
  /** Candles of the chart from `from` on. */
  readonly candlesHref: (from: number) => string;
  readonly from: number;
  /** Whether newer candles belong to it. */
  readonly isLive: boolean;
  readonly onBars: (bars: readonly Candle[]) => void;
  readonly onWindow: (window: ChartWindow) => void;
  readonly onPoint: (bar: Candle | undefined) => void;
}

const POLL_MS = 30_000;
/**
 * Brings the chart to life once the page is painted, and adds newer candles until `signal` aborts.
 *
 * @throws when Plotly or the candles cannot be loaded: the server's picture stays
 */
export async function openKlineSession(
  options: KlineSessionOptions,
  signal: AbortSignal,
): Promise<KlinePlot> {
  const { host, id, interval, perBar, plotlyHref, candlesHref, from, isLive, onBars } = options;
  const figure = host.closest("figure") ?? host;
  await whenWanted(figure, signal);
  const [plotly, candles] = await Promise.all([
    loadPlotly(plotlyHref),
    fetchCandles(candlesHref(from), signal),
  ]);
  signal.throwIfAborted();
  const isNarrow = matchMedia(NARROW.media).matches;
  const stepMs = perBar * drawnStepMs(interval);
  const bars = perBar === 1 ? candles : mergeCandles(candles, stepMs);
  const drawn = bars.slice(-(isNarrow ? NARROW.drawn : MAX_DRAWN));
  onBars(drawn);
  const plot = await KlinePlot.open({
    ...options,
    plotly,
    host,
    id,
    bars: drawn,
    stepMs,
    count: isNarrow ? NARROW.inView : MAX_DRAWN,
    isTouch: matchMedia("(pointer: coarse)").matches,
  }, signal);
  takeOverMoves(figure, plot, signal);
  if (isLive && perBar === 1) everyVisible(POLL_MS, () => addNewer(plot, options, signal), signal);
  return plot;
}

/** Asks for the newest candle again, too: the exchange may have restated it. */
async function addNewer(plot: KlinePlot, options: KlineSessionOptions, signal: AbortSignal) {
  const last = plot.bars.at(-1)!;
  const fresh = await fetchCandles(options.candlesHref(last.openTime), signal).catch(() => []);
  const newest = fresh.at(-1);
  if (signal.aborted || newest === undefined) return;
  if (newest.openTime === last.openTime && JSON.stringify(newest) === JSON.stringify(last)) return;
  const bars = withNewer(plot.bars, fresh).slice(-MAX_DRAWN);
  options.onBars(bars);
  await plot.update(bars);
}
