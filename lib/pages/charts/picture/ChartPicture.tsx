import { type Candle, newestOwn, withoutImported } from "../../../chart/model/candle.ts";
import {
  drawingWidth,
  type MarkPath,
  toMarkPaths,
  toVolumePath,
} from "../../../chart/svg/candle_paths.ts";
import {
  type ChartWindow,
  isLine,
  isNear,
  percent,
  VOLUME_TOP,
  windowOf,
  xOf,
  yOf,
} from "../../../chart/model/chart_window.ts";
import {
  innerTimeTicks,
  PRICE_TICKS,
  type PriceTick,
  type TimeTick,
  windowTicks,
} from "../../../chart/model/axis_ticks.ts";
import { logTicks } from "../../../chart/model/log_ticks.ts";
import type { ChartView } from "../../../chart/model/chart_view.ts";
import { compactText } from "../../../core/text/number_text.ts";
import { hundredth } from "../../../chart/svg/path_text.ts";
import { MAX_DRAWN, NARROW } from "../../../chart/model/merge_candles.ts";
import { type PictureWidth, plotHeight } from "../../../chart/model/plot_height.ts";
import { withoutFirst } from "../../../chart/model/study.ts";
import { Bodies } from "./Bodies.tsx";
import { ChartLabels } from "./ChartLabels.tsx";
import { CloseLabels } from "./CloseLabels.tsx";
import { GapBands } from "./GapBands.tsx";
import { ImportedMarks } from "./ImportedMarks.tsx";
import { LastPriceLine, LastPriceTag } from "./LastPrice.tsx";
import { PriceLines } from "./PriceLines.tsx";
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
  const prices = windowTicks(window, PRICE_TICKS, logTicks);
  const times = innerTimeTicks(window.from, window.to, TIME_TICKS[width], width);
  const last = newestOwn(bars);
  const height = plotHeight(view.shape);
  const own = withoutImported(bars);
  const marks = toMarkPaths(own, window, height);
  const volume = toVolumePath(own, window, height);
  const drawn = marks.reduce((sum, { path }) => sum + path.length, volume.length);
  const room = Math.max(ROOM.least, ROOM.all - drawn);
  return (
    <div class={`picture picture-${width}`}>
      <svg class="panes" role="img" aria-label={label}>
        <GapBands window={window} gaps={view.gaps} />
        <ImportedMarks window={window} bars={bars} id={width} height={height} />
        <Marks
          marks={marks}
          volume={volume}
          window={window}
          prices={prices}
          times={times}
          height={height}
          id={width}
        />
        {isLine(window) && <PriceLines window={window} bars={own} height={height} />}
        <StudyLines window={window} bars={bars} studies={studies} drawing={{ height, room }} />
        {last && <LastPriceLine window={window} last={last} />}
        <ChartLabels {...view} window={window} bars={bars} />
        {isLine(window) && <CloseLabels {...view} window={window} bars={bars} />}
      </svg>
      <PriceAxis window={window} ticks={prices} last={last} decimals={view.decimals} />
      <TimeAxis window={window} ticks={times} />
    </div>
  );
}

interface MarksProps {
  /** Prefix of the IDs of elements drawn twice. */
  readonly id: string;
  readonly marks: readonly MarkPath[];
  readonly volume: string;
  readonly window: ChartWindow;
  readonly prices: readonly PriceTick[];
  readonly times: readonly TimeTick[];
  readonly height: number;
}

function Marks({ id, marks, volume, window, prices, times, height }: MarksProps) {
  const width = drawingWidth(window);
  const rows = prices.map(({ value }) => `M0 ${Math.floor(yOf(window, value) * height)}H${width}`);
  const columns = times.map(({ value }) => `M${hundredth(xOf(window, value) * width)} 0V${height}`);
  return (
    <svg
      class={window.type === "hollow" ? "marks marks-hollow" : "marks"}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
    >
      <path class="grid" d={rows.join("") + columns.join("")} />
      <path class="volume" transform={`matrix(1 0 0 -1 0 ${height})`} d={volume} />
      {marks.map((mark) =>
        mark.kind === "wick" || mark.kind === "bar"
          ? <path key={keyOf(mark)} class={`wick-${mark.side}`} d={mark.path} />
          : <Bodies key={keyOf(mark)} id={`${id[0]}${keyOf(mark)}`} {...mark} />
      )}
    </svg>
  );
}

/** Distinguishes the paths of a picture in few characters, since the page has each twice. */
function keyOf({ kind, side }: MarkPath): string {
  return side[0]! + kind[0]!;
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
