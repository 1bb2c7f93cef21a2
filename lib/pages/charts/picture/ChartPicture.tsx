import { type Candle, newestOwn, withoutImported } from "../../../chart/model/candle.ts";
import { type CandlePaths, charactersOf, toCandlePaths } from "../../../chart/svg/candle_paths.ts";
import {
  type ChartWindow,
  isNear,
  percent,
  VOLUME_TOP,
  windowOf,
  xOf,
  yOf,
} from "../../../chart/model/chart_window.ts";
import {
  innerTimeTicks,
  type PriceTick,
  type TimeTick,
  windowTicks,
} from "../../../chart/model/axis_ticks.ts";
import type { ChartView } from "../../../chart/model/chart_view.ts";
import { compactText } from "../../../core/text/number_text.ts";
import { hundredth } from "../../../chart/svg/path_text.ts";
import { MAX_DRAWN, NARROW } from "../../../chart/model/merge_candles.ts";
import { type PictureWidth, plotHeight } from "../../../chart/model/plot_height.ts";
import { withoutFirst } from "../../../chart/model/study.ts";
import { Bodies } from "./Bodies.tsx";
import { ChartLabels } from "./ChartLabels.tsx";
import { GapBands } from "./GapBands.tsx";
import { ImportedMarks } from "./ImportedMarks.tsx";
import { LastPriceLine, LastPriceTag } from "./LastPrice.tsx";
import { RsiTicks, StudyLines } from "./StudyLines.tsx";

export interface ChartPictureProps {
  readonly view: ChartView;
  /** Number of newest bars; phones have room for few. */
  readonly count: number;
  readonly width: PictureWidth;
  readonly label: string;
}

/** As many as Plotly's, so that nothing changes when Plotly takes over. */
const TIME_TICKS = { wide: 13, narrow: 5 };

/**
 * Maximum characters of all paths, so that the whole stays within 12 kB; minimum of the studies'
 * share.
 */
const ROOM = { all: 8800, least: 1500 };

/** The server's picture of the chart, in a wide and a narrow version. */
export function ChartPictures(props: { readonly view: ChartView; readonly label: string }) {
  return (
    <>
      {/* Patterns are referenced by ID, so each exists once. */}
      <svg class="patterns" aria-hidden="true">
        <defs>
          <pattern
            id="hatch"
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <path d="M0 0v6" />
          </pattern>
        </defs>
      </svg>
      <ChartPicture {...props} count={MAX_DRAWN} width="wide" />
      <ChartPicture {...props} count={NARROW.inView} width="narrow" />
    </>
  );
}

/**
 * The chart without script. Marks stretch with the box, text does not: marks are in a nested SVG,
 * labels at percentages.
 */
export function ChartPicture({ view, count, width, label }: ChartPictureProps) {
  const bars = view.bars.slice(-count);
  const studies = withoutFirst(view.studies, view.bars.length - bars.length);
  const window = windowOf({ ...view, bars, studies });
  const prices = windowTicks(window);
  const times = innerTimeTicks(window.from, window.to, TIME_TICKS[width], width);
  const last = newestOwn(bars);
  const height = plotHeight(view.shape);
  const paths = toCandlePaths(withoutImported(bars), window, height);
  const room = Math.max(ROOM.least, ROOM.all - charactersOf(paths));
  return (
    <div class={`picture picture-${width}`}>
      <svg class="panes" role="img" aria-label={label}>
        <GapBands window={window} gaps={view.gaps} />
        <ImportedMarks window={window} bars={bars} id={width} height={height} />
        <Marks
          paths={paths}
          window={window}
          prices={prices}
          times={times}
          height={height}
          id={width}
        />
        <StudyLines window={window} bars={bars} studies={studies} drawing={{ height, room }} />
        {last && <LastPriceLine window={window} last={last} />}
        <ChartLabels {...view} window={window} bars={bars} />
      </svg>
      <PriceAxis window={window} ticks={prices} last={last} decimals={view.decimals} />
      <TimeAxis window={window} ticks={times} />
    </div>
  );
}

interface MarksProps {
  /** Prefix of the IDs of elements drawn twice. */
  readonly id: string;
  readonly paths: CandlePaths;
  readonly window: ChartWindow;
  readonly prices: readonly PriceTick[];
  readonly times: readonly TimeTick[];
  readonly height: number;
}

function Marks({ id, paths, window, prices, times, height }: MarksProps) {
  const { width } = paths;
  const rows = prices.map(({ value }) => `M0 ${Math.floor(yOf(window, value) * height)}H${width}`);
  const columns = times.map(({ value }) => `M${hundredth(xOf(window, value) * width)} 0V${height}`);
  return (
    <svg class="marks" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none">
      <path class="grid" d={rows.join("") + columns.join("")} />
      <path class="volume" transform={`matrix(1 0 0 -1 0 ${height})`} d={paths.volume} />
      <path class="wick-up" d={paths.upWicks} />
      <path class="wick-down" d={paths.downWicks} />
      <Bodies id={`${id[0]}u`} kind="up" path={paths.upBodies} />
      <Bodies id={`${id[0]}d`} kind="down" path={paths.downBodies} />
    </svg>
  );
}

interface PriceAxisProps {
  readonly window: ChartWindow;
  readonly ticks: readonly PriceTick[];
  readonly last: Candle | undefined;
  readonly decimals: number;
}

function PriceAxis({ window, ticks, last, decimals }: PriceAxisProps) {
  const shown = ticks.filter(({ value }) => !last || !isNear(window, value, last.close));
  return (
    <svg class="axis axis-price" aria-hidden="true">
      <g class="ticks" transform="translate(9 0)">
        {shown.map(({ value, text }) => (
          <text key={text} y={percent(yOf(window, value))}>{text}</text>
        ))}
      </g>
      <text x="9" dy="1em" y={percent(VOLUME_TOP)}>{compactText(window.peak)}</text>
      {window.hasRsi && <RsiTicks />}
      {last && <LastPriceTag window={window} last={last} decimals={decimals} />}
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
