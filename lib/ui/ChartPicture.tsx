import { type Candle } from "../chart/candle.ts";
import { MARKS_HEIGHT, toCandlePaths } from "../chart/candle_paths.ts";
import {
  type ChartWindow,
  isNear,
  percent,
  VOLUME_TOP,
  windowOf,
  xOf,
  yOf,
} from "../chart/chart_window.ts";
import { innerTimeTicks, type PriceTick, type TimeTick, windowTicks } from "../chart/axis_ticks.ts";
import type { ChartView } from "../chart/chart_view.ts";
import { compactText } from "../chart/number_text.ts";
import { withoutFirst } from "../chart/study.ts";
import { ChartLabels } from "./ChartLabels.tsx";
import { HoleBands } from "./HoleBands.tsx";
import { LastPriceLine, LastPriceTag } from "./LastPrice.tsx";
import { RsiTicks, StudyLines } from "./StudyLines.tsx";

export interface ChartPictureProps {
  readonly view: ChartView;
  /** How many of the newest bars; phones have room for few. */
  readonly count: number;
  readonly width: "wide" | "narrow";
  readonly label: string;
}

/** As many as Plotly's, so that nothing changes when it takes over. */
const TICKS = { wide: { prices: 8, times: 13 }, narrow: { prices: 6, times: 5 } };

/**
 * The chart without script. Marks stretch with the box, text does not: marks lie in a nested SVG of
 * their own, labels at percentages.
 */
export function ChartPicture({ view, count, width, label }: ChartPictureProps) {
  const bars = view.bars.slice(-count);
  const window = windowOf(bars, view.stepMs, view.shape);
  const studies = withoutFirst(view.studies, view.bars.length - bars.length);
  const prices = windowTicks(window, TICKS[width].prices);
  const times = innerTimeTicks(window.from, window.to, TICKS[width].times);
  const last = bars.at(-1)!;
  return (
    <div class={`picture picture-${width}`}>
      <svg class="panes" role="img" aria-label={label}>
        <HoleBands window={window} holes={view.holes} />
        <Marks bars={bars} window={window} prices={prices} times={times} />
        <StudyLines {...{ window, bars, studies }} />
        <LastPriceLine window={window} last={last} />
        <ChartLabels {...view} window={window} bars={bars} />
      </svg>
      <PriceAxis window={window} ticks={prices} last={last} decimals={view.decimals} />
      <TimeAxis window={window} ticks={times} />
    </div>
  );
}

interface MarksProps {
  readonly bars: readonly Candle[];
  readonly window: ChartWindow;
  readonly prices: readonly PriceTick[];
  readonly times: readonly TimeTick[];
}

function Marks({ bars, window, prices, times }: MarksProps) {
  const paths = toCandlePaths(bars, window);
  const { width } = paths;
  const rows = prices.map(({ value }) => `M0 ${yOf(window, value) * MARKS_HEIGHT | 0}H${width}`);
  const columns = times.map(({ value }) => `M${xOf(window, value) * width | 0} 0V${MARKS_HEIGHT}`);
  return (
    <svg class="marks" viewBox={`0 0 ${width} ${MARKS_HEIGHT}`} preserveAspectRatio="none">
      <path class="grid" d={rows.join("") + columns.join("")} />
      <g transform={`matrix(1 0 0 -1 0 ${MARKS_HEIGHT})`}>
        <path class="volume-up" d={paths.upVolume} />
        <path class="volume-down" d={paths.downVolume} />
      </g>
      <path class="wick-up" d={paths.upWicks} />
      <path class="wick-down" d={paths.downWicks} />
      <path class="body-up" d={paths.upBodies} />
      <path class="body-down" d={paths.downBodies} />
    </svg>
  );
}

interface PriceAxisProps {
  readonly window: ChartWindow;
  readonly ticks: readonly PriceTick[];
  readonly last: Candle;
  readonly decimals: number;
}

function PriceAxis({ window, ticks, last, decimals }: PriceAxisProps) {
  const shown = ticks.filter(({ value }) => !isNear(window, value, last.close));
  return (
    <svg class="axis axis-price" aria-hidden="true">
      <g class="ticks" transform="translate(9 0)">
        {shown.map(({ value, text }) => (
          <text key={text} y={percent(yOf(window, value))}>{text}</text>
        ))}
      </g>
      <text x="9" dy="1em" y={percent(VOLUME_TOP)}>{compactText(window.peak)}</text>
      {window.hasRsi && <RsiTicks />}
      <LastPriceTag window={window} last={last} decimals={decimals} />
    </svg>
  );
}

function TimeAxis({ window, ticks }: Pick<PriceAxisProps, "window"> & { ticks: TimeTick[] }) {
  return (
    <svg class="axis axis-time" aria-hidden="true">
      <g class="ticks" transform="translate(0 13)">
        {ticks.map(({ value, text, isMajor }) => (
          <text
            key={value}
            class={isMajor ? "major" : undefined}
            x={percent(xOf(window, value))}
          >
            {text}
          </text>
        ))}
      </g>
    </svg>
  );
}
