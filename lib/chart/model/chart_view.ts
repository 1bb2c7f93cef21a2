import type { ChartType } from "../../core/chart_address.ts";
import type { Interval } from "../../core/interval.ts";
import type { Candle } from "./candle.ts";
import { type ChartGap, gapsAmong } from "./chart_gap.ts";
import type { PlotShape } from "./chart_window.ts";
import { mergeDrawn, toDrawn } from "./drawn_prices.ts";
import { candlesPerBar, drawnStepMs } from "./merge_candles.ts";
import { priceDecimals } from "../../core/text/number_text.ts";
import type { Overlay } from "../../core/overlay.ts";
import { atIndices, type Study, toStudies, withoutFirst } from "./study.ts";

/** The content of a chart. */
export interface ChartView {
  readonly interval: Interval;
  /** Stored candles, ascending, with the prices that the chart draws. */
  readonly candles: readonly Candle[];
  /** The drawn bars: the candles themselves, or one bar per `perBar` of them. */
  readonly bars: readonly Candle[];
  readonly perBar: number;
  /** Distance between two bars in ms. */
  readonly stepMs: number;
  readonly gaps: readonly ChartGap[];
  readonly shape: PlotShape;
  /** Overlays with one value per bar. */
  readonly studies: readonly Study[];
  /** Decimal places of prices, and of volumes. */
  readonly decimals: number;
  readonly volumeDecimals: number;
}

export interface ChartViewSource {
  readonly interval: Interval;
  readonly candles: readonly Candle[];
  /** Preceding candles, ascending, that overlays need for their first values. */
  readonly before?: readonly Candle[];
  readonly overlays?: readonly Overlay[];
  readonly isLog?: boolean;
  readonly type?: ChartType | undefined;
  readonly knownGaps: readonly ChartGap[];
  readonly tickSize: string | undefined;
}

export function toChartView(source: ChartViewSource): ChartView {
  const { interval, knownGaps, tickSize, overlays = [], before = [], type = "candles" } = source;
  const perBar = candlesPerBar(source.candles.length);
  const stepMs = perBar * drawnStepMs(interval);
  const as = { type, stepMs: drawnStepMs(interval) };
  const candles = toDrawn([...before, ...source.candles], as).slice(before.length);
  const bars = perBar === 1 ? candles : mergeDrawn(candles, { type, stepMs });
  const hasRsi = overlays.some(({ kind }) => kind === "rsi");
  return {
    interval,
    candles,
    bars,
    perBar,
    shape: { type, isLog: source.isLog ?? false, hasRsi },
    studies: studiesOf({ ...source, candles }, bars, stepMs),
    stepMs,
    gaps: gapsAmong(candles, interval, knownGaps),
    decimals: priceDecimals(tickSize, pricesOf(candles)),
    volumeDecimals: priceDecimals(undefined, candles.map(({ volume }) => volume)),
  };
}

/** Each bar has the values of its last candle. */
function studiesOf(source: ChartViewSource, bars: readonly Candle[], stepMs: number): Study[] {
  const { interval, candles, before = [], overlays = [] } = source;
  const all = toStudies([...before, ...candles], overlays, interval);
  const studies = withoutFirst(all, before.length);
  if (bars === candles) return studies;
  let at = -1;
  const lastOf = ({ openTime }: Candle) => {
    while (at + 1 < candles.length && candles[at + 1]!.openTime < openTime + stepMs) at++;
    return at;
  };
  return atIndices(studies, bars.map(lastOf));
}

function* pricesOf(candles: readonly Candle[]): Generator<number> {
  for (const { open, high, low, close } of candles) yield* [open, high, low, close];
}
