import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type Candle, toCandles } from "../lib/chart/model/candle.ts";
import type { ChartGap } from "../lib/chart/model/chart_gap.ts";
import type { KlineChart as Chart, KlineView } from "../lib/chart/plotly/kline_chart.ts";
import { messageOf } from "../lib/chart/plotly/message_of.ts";
import { openKlineSession } from "../lib/chart/session/kline_session.ts";
import type { Overlay } from "../lib/chart/model/overlay.ts";
import { clearSignals, page } from "../lib/chart/session/page_signals.ts";
import { barsIn } from "../lib/chart/session/shown_range.ts";
import { savesData } from "../lib/chart/session/when_wanted.ts";
import { LOCAL, UTC } from "../lib/chart/model/zone.ts";
import { endOf, type Interval, shiftOpen } from "../lib/core/interval.ts";
import type { EpochMs } from "../lib/core/time.ts";
import { ChartNote, type NoteKind } from "../lib/pages/charts/picture/ChartNote.tsx";
import { ChartOverlay } from "../lib/pages/charts/picture/ChartOverlay.tsx";
import { useLazy } from "../lib/pages/components/use_lazy.ts";
import {
  candlesHref,
  exportHref,
  gapsHref,
  liveHref,
  newestHref,
} from "../lib/pages/components/href.ts";
import type { KlineColumns } from "../lib/core/kline.ts";
import type { GapClass } from "../lib/core/gaps.ts";

export interface KlineChartProps {
  readonly basePath: string;
  readonly plotlyHref: string;
  readonly symbol: string;
  readonly interval: Interval;
  /** Of the page's candles: `interval`, or a longer one. */
  readonly shown: Interval;
  /** Held of the symbol, shortest first. */
  readonly intervals: readonly Interval[];
  readonly isPinned: boolean;
  readonly isLog: boolean;
  readonly overlays: readonly Overlay[];
  /** Whether times are told by the reader's clock. */
  readonly isLocal: boolean;
  /** Open times of the first and the last candle of the page, and of the first and newest stored. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  readonly oldest: EpochMs;
  readonly newest: EpochMs;
  /** What is known of gaps of the whole series. */
  readonly gaps: readonly ChartGap[];
  readonly decimals: number;
  /** Names the chart: `Candlestick chart of BTC/USDT`. */
  readonly label: string;
  readonly serverTime: EpochMs;
}

/** `1h, 300 candles`, of those in view. */
function countText(view: KlineView): string {
  return `${view.interval}, ${barsIn(view).length} candles`;
}

interface Note {
  readonly kind: NoteKind;
  readonly message?: string;
}

type Access = typeof import("../lib/pages/charts/chart_access.lazy.ts");
let loading: Promise<Access> | undefined;

/** One promise for all who wait: keys pressed meanwhile act in their order, before later ones. */
function loadAccess(): Promise<Access> {
  return loading ??= import("../lib/pages/charts/chart_access.lazy.ts").catch((error) => {
    loading = undefined;
    throw error;
  });
}

/** Puts Plotly in the place of the server's picture; where it cannot, the picture stays. */
export default function KlineChart(props: KlineChartProps) {
  const { basePath, symbol, interval, overlays, isLog, decimals, label } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart>(null);
  const engineWanted = useRef(Promise.withResolvers<void>());
  const note = useSignal<Note | undefined>(undefined);
  const failure = useSignal<string | undefined>(undefined);
  const isDrawn = useSignal(false);
  const attempt = useSignal(0);

  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const figure = host.current!.closest("figure");
    page.zone.value = props.isLocal ? LOCAL : UTC;
    const isAskedFirst = savesData() && attempt.value === 0;
    note.value = isAskedFirst ? { kind: "on-request" } : undefined;
    if (!isAskedFirst) engineWanted.current.resolve();
    openKlineSession({
      ...props,
      newest: shiftOpen(endOf(props.newest, props.shown), interval, -1),
      host: host.current!,
      zone: page.zone.value,
      shape: { isLog, hasRsi: overlays.some(({ kind }) => kind === "rsi") },
      load: (interval, range) =>
        fetchCandles(candlesHref(basePath, { symbol, interval, ...range }, 5000), signal),
      loadGaps: (interval) => fetchGaps(gapsHref(basePath, { symbol, interval }), signal),
      exportHref: (interval, range) => exportHref(basePath, { symbol, interval, ...range }),
      liveHref: (interval) => liveHref(basePath, { symbol, interval }),
      newestHref: (interval) => newestHref(basePath, { symbol, interval }),
      engineWanted: engineWanted.current.promise,
      on: {
        view: (view) => page.view.value = view,
        range: (range) => page.range.value = range,
        point: (candle) => page.pointed.value = candle,
        busy: (isBusy) => figure?.setAttribute("aria-busy", `${isBusy}`),
        failure: (message) => failure.value = signal.aborted ? undefined : message,
        candles: (opened) => chart.current = opened,
      },
    }, signal).then((running) => {
      page.running.value = running;
      isDrawn.value = true;
      note.value = undefined;
    }, (error) => {
      if (!signal.aborted) note.value = { kind: "basic", message: messageOf(error) };
    });
    return () => {
      abort.abort();
      isDrawn.value = false;
      clearSignals();
    };
  }, [symbol, interval, attempt.value]);

  const view = page.view.value;
  const hasFocus = useSignal(false);
  const access = useLazy(hasFocus.value, loadAccess);
  const onKeyDown = (event: KeyboardEvent) => {
    const apply = ({ applyKey }: Access) => {
      const target = chart.current && {
        chart: chart.current,
        pointed: page.pointed.value,
        onPoint: (candle: Candle) => page.pointed.value = candle,
      };
      if (target && applyKey(event, target)) event.preventDefault();
    };
    if (access) return apply(access);
    // It came with the focus and is on its way: keys that it knows are its own from the start.
    const isOurs = /^(Arrow[LR]|Home|End|Page|[-+=0]$)/.test(event.key);
    if (!isOurs || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    loadAccess().then(apply, () => {});
  };
  const isKnown = view !== undefined;
  const isLonger = isDrawn.value && isKnown && (view.perBar > 1 || view.interval !== interval);
  const auto = useLazy(isLonger, () => import("../lib/pages/charts/picture/AutoInterval.lazy.tsx"));
  const engine = (
    <div
      class="engine"
      ref={host}
      tabIndex={isKnown ? 0 : undefined}
      role={isKnown ? "application" : undefined}
      aria-roledescription={isKnown ? "candlestick chart" : undefined}
      aria-label={view && `${label}, ${countText(view)}. Arrow keys go from candle to candle.`}
      onFocus={() => hasFocus.value = true}
      onKeyDown={onKeyDown}
      onBlur={() => page.pointed.value = undefined}
    />
  );
  return (
    <div
      class={page.isExploring.value ? "live exploring" : "live"}
      data-known={isKnown ? "" : undefined}
      data-ready={isDrawn.value ? "" : undefined}
    >
      <ChartOverlay
        view={view}
        isDrawn={isDrawn.value}
        pointed={page.pointed.value}
        overlays={overlays}
        decimals={decimals}
        serverTime={props.serverTime}
      >
        {engine}
      </ChartOverlay>
      {access && (
        <access.CandleSpeech
          candle={page.pointed.value}
          bars={view?.bars ?? []}
          decimals={decimals}
        />
      )}
      {auto && isLonger && <auto.AutoInterval view={view} interval={interval} symbol={symbol} />}
      <ChartNote
        kind={failure.value === undefined ? note.value?.kind : "failure"}
        message={failure.value ?? note.value?.message}
        onAction={() => {
          if (failure.value !== undefined) chart.current?.show(chart.current.view.window);
          else if (note.value?.kind === "basic") attempt.value++;
          else engineWanted.current.resolve();
        }}
      />
    </div>
  );
}

/** Closed candles from `/api/candles`; the browser asks again with the ETag it has. */
async function fetchCandles(href: string, signal: AbortSignal): Promise<Candle[]> {
  const response = await fetch(href, { signal });
  if (!response.ok) throw new Error(`Cannot load candles: the server answered ${response.status}`);
  return toCandles(await response.json() as KlineColumns);
}

/** Gaps of a series from `/api/gaps`. */
async function fetchGaps(href: string, signal: AbortSignal): Promise<ChartGap[]> {
  const response = await fetch(href, { signal });
  if (!response.ok) throw new Error(`Cannot load gaps: the server answered ${response.status}`);
  const { gaps } = await response.json() as { gaps: GapRow[] };
  return gaps.map(({ from, to, missing, class: reason }) => ({ from, to, missing, class: reason }));
}

interface GapRow {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly missing: number;
  readonly class: GapClass;
}
