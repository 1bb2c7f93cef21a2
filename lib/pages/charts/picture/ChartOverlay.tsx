import type { ComponentChildren } from "preact";
import { type Candle, isUp, newestOwn } from "../../../chart/model/candle.ts";
import {
  type ChartWindow,
  percent,
  priceShare,
  xOf,
  yOf,
} from "../../../chart/model/chart_window.ts";
import type { KlineView } from "../../../chart/plotly/kline_views.ts";
import { page } from "../../../chart/session/page_signals.ts";
import type { Overlay } from "../../../core/overlay.ts";
import type { EpochMs } from "../../../core/time.ts";
import { ChartLabels } from "./ChartLabels.tsx";
import { GapBands } from "./GapBands.tsx";
import { LastPriceLine, LastPriceTag } from "./LastPrice.tsx";
import type { MeasureLayerProps } from "./MeasureLayer.tsx";
import { MovingCandle } from "./MovingCandle.tsx";
import { useOnDemand } from "../toolbar/load_on_demand.ts";
import { useLazy } from "../../components/use_lazy.ts";
import { priceText } from "../../../core/text/number_text.ts";
import { countdownText } from "../../../core/text/time_text.ts";
import { endOf, type Interval } from "../../../core/interval.ts";
import { useServerTime } from "../../components/use_server_time.ts";

export interface ChartOverlayProps {
  /** The current view; before it is set, nothing is drawn. */
  readonly view: KlineView | undefined;
  /** True if Plotly has replaced the server's picture, which has its own labels. */
  readonly isDrawn: boolean;
  /** The candle under the cursor. */
  readonly pointed: Candle | undefined;
  readonly overlays: readonly Overlay[];
  /** Set if imported candles are drawn. */
  readonly imported: "1" | undefined;
  readonly decimals: number;
  readonly serverTime: EpochMs;
  /** Plotly's own element. */
  readonly children: ComponentChildren;
}

/**
 * Elements of the server's picture that Plotly does not draw, below and above it, and the
 * crosshair.
 */
export function ChartOverlay(props: ChartOverlayProps) {
  const { view, isDrawn, pointed, decimals, children } = props;
  const window = view?.window;
  const hasUnder = props.imported !== undefined || props.overlays.length > 0;
  const under = useLazy(hasUnder, () => import("./UnderPlot.lazy.tsx"));
  const cross = window && pointed && isIn(window, pointed) && { window, candle: pointed };
  const hair = useLazy(Boolean(cross), () => import("./Crosshair.tsx"));
  return (
    <>
      {view && isDrawn && (
        <svg class="panes" aria-hidden="true">
          <GapBands window={view.window} gaps={view.gaps} />
          {under && <under.UnderPlot view={view} overlays={props.overlays} />}
        </svg>
      )}
      {children}
      {view && (
        <div class="over">
          <svg class="panes" aria-hidden="true">
            {isDrawn && <Words {...props} view={view} />}
            {hair && cross && <hair.CrosshairLines {...cross} />}
          </svg>
          <svg class="axis axis-price" aria-hidden="true">
            {isDrawn && <Price {...props} view={view} />}
            {hair && cross && <hair.CrosshairPrice {...cross} decimals={decimals} />}
          </svg>
          <svg class="axis axis-time" aria-hidden="true">
            {hair && cross && <hair.CrosshairTime {...cross} />}
          </svg>
          {isDrawn && <Measuring view={view} decimals={decimals} />}
        </div>
      )}
    </>
  );
}

/** Rendered again with the view, not with each tick. */
function Words({ view, decimals }: ChartOverlayProps & { readonly view: KlineView }) {
  const { window, bars, gaps } = view;
  return (
    <>
      <ChartLabels window={window} bars={bars} gaps={gaps} decimals={decimals} />
      <Moving view={view} decimals={decimals} />
    </>
  );
}

function Moving({ view, decimals }: MeasureLayerProps) {
  const moving = page.moving.value;
  const { window, bars } = view;
  const last = moving ?? newestOwn(bars);
  const types = useLazy(window.type !== "candles", () => import("./TypeMarks.lazy.tsx"));
  return (
    <>
      {last && <LastPriceLine window={window} last={last} />}
      {types
        ? <types.TypeMarks view={view} moving={moving} decimals={decimals} />
        : moving && view.perBar === 1 && <MovingCandle window={window} candle={moving} />}
    </>
  );
}

function Price({ view, decimals, serverTime }: ChartOverlayProps & { readonly view: KlineView }) {
  const { window, bars, interval } = view;
  const moving = page.moving.value;
  const last = newestOwn(bars);
  if (moving) {
    return (
      <MovingPriceTag
        window={window}
        decimals={decimals}
        interval={interval}
        serverTime={serverTime}
        moving={moving}
      />
    );
  }
  return last ? <LastPriceTag window={window} last={last} decimals={decimals} /> : null;
}

/** Loaded with the first measurement. */
function Measuring(props: MeasureLayerProps) {
  const isWanted = page.measure.value !== undefined;
  const layer = useOnDemand(isWanted, () => page.measure.value = undefined);
  return layer && isWanted ? <layer.MeasureLayer {...props} /> : null;
}

function isIn(window: ChartWindow, { openTime }: Candle): boolean {
  const x = xOf(window, openTime);
  return x >= 0 && x <= 1;
}

interface MovingPriceTagProps {
  readonly window: ChartWindow;
  readonly moving: Candle;
  readonly interval: Interval;
  readonly decimals: number;
  readonly serverTime: EpochMs;
}

/** The current price, and the time until the open candle closes, on the price axis. */
function MovingPriceTag(props: MovingPriceTagProps) {
  const { window, moving, interval, decimals, serverTime } = props;
  const now = useServerTime(serverTime);
  const y = Math.min(priceShare(window), Math.max(0, yOf(window, moving.close)));
  const left = endOf(moving.openTime, interval) - now.value;
  return (
    <svg class={`tag tag-moving tag-${isUp(moving) ? "up" : "down"}`} y={percent(y)}>
      <rect y="-10" width="100%" height="34" />
      <text x="9" dy=".35em">{priceText(moving.close, decimals)}</text>
      <text class="countdown" x="9" y="15" dy=".35em">{countdownText(left)}</text>
    </svg>
  );
}
