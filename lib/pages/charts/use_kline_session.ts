import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { type MutableRef, useEffect, useRef } from "preact/hooks";
import { type Candle, toCandles } from "../../chart/model/candle.ts";
import type { HeldInterval } from "../../chart/model/fitting_interval.ts";
import type { ChartGap } from "../../chart/model/chart_gap.ts";
import type { ChartType } from "../../core/chart_address.ts";
import type { Overlay } from "../../core/overlay.ts";
import { LOCAL, UTC } from "../../chart/model/zone.ts";
import type { KlineChart } from "../../chart/plotly/kline_chart.ts";
import { messageOf } from "../../chart/plotly/message_of.ts";
import { type KlineSessionOptions, openKlineSession } from "../../chart/session/kline_session.ts";
import { clearSignals, page } from "../../chart/session/page_signals.ts";
import { readFacts } from "../../chart/session/read_facts.ts";
import { savesData } from "../../chart/session/when_wanted.ts";
import { endOf, type Interval, shiftOpen } from "../../core/interval.ts";
import { type DrawnColumns, MAX_CANDLES } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import { candlesHref, gapsHref, liveHref, newestHref } from "../components/site_href.ts";
import type { NoteKind } from "./picture/ChartNote.tsx";

export interface KlineChartProps {
  readonly basePath: string;
  readonly plotlyHref: string;
  readonly symbol: string;
  readonly interval: Interval;
  /** Of the page's candles: `interval`, or a longer one. */
  readonly shown: Interval;
  /** The symbol's series that have candles. */
  readonly held: readonly HeldInterval[];
  readonly isPinned: boolean;
  readonly isLog: boolean;
  readonly type: ChartType;
  readonly overlays: readonly Overlay[];
  /** Set if imported candles are drawn. */
  readonly imported: "1" | undefined;
  /** True if times are shown in the local time zone. */
  readonly isLocal: boolean;
  /** Open times of the first and the last candle of the page, and of all that can be shown. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  readonly oldest: EpochMs;
  readonly newest: EpochMs;
  /** Known gaps of the whole series. */
  readonly gaps: readonly ChartGap[];
  readonly decimals: number;
  /** Names the chart: `Candlestick chart of BTC/USDT`. */
  readonly label: string;
  readonly serverTime: EpochMs;
}

/** Note over the chart about its state, and the action of its button. */
export interface ChartNotice {
  readonly kind: NoteKind | undefined;
  readonly message: string | undefined;
  readonly onAction: () => void;
}

export interface UsedSession {
  /** From the time that its candles are loaded. */
  readonly chart: MutableRef<KlineChart | null>;
  /** True if Plotly has taken the place of the server's picture. */
  readonly isDrawn: ReadonlySignal<boolean>;
  readonly notice: ChartNotice;
}

/** Opens the chart of `props` in `host`, and closes it with the component. */
export function useKlineSession(
  props: KlineChartProps,
  host: RefObject<HTMLDivElement>,
): UsedSession {
  const chart = useRef<KlineChart>(null);
  const engineWanted = useRef(Promise.withResolvers<void>());
  const note = useSignal<Pick<ChartNotice, "kind" | "message"> | undefined>(undefined);
  const failure = useSignal<string | undefined>(undefined);
  const isDrawn = useSignal(false);
  const attempt = useSignal(0);

  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    readFacts();
    page.zone.value = props.isLocal ? LOCAL : UTC;
    const isAskedFirst = savesData() && attempt.value === 0;
    note.value = isAskedFirst ? { kind: "on-request", message: undefined } : undefined;
    if (!isAskedFirst) engineWanted.current.resolve();
    openKlineSession({
      ...sessionOptions(props, host.current!, signal),
      engineWanted: engineWanted.current.promise,
      onFailure: (message) => failure.value = signal.aborted ? undefined : message,
      onCandles: (opened) => chart.current = opened,
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
  }, [props.symbol, props.interval, attempt.value]);

  const { value: message } = failure;
  const onAction = () => {
    if (message !== undefined) chart.current?.show(chart.current.view.window);
    else if (note.value?.kind === "basic") attempt.value++;
    else engineWanted.current.resolve();
  };
  const shown = message === undefined ? note.value : { kind: "failure" as const, message };
  return { chart, isDrawn, notice: { kind: shown?.kind, message: shown?.message, onAction } };
}

function sessionOptions(
  props: KlineChartProps,
  host: HTMLElement,
  signal: AbortSignal,
): Omit<KlineSessionOptions, "engineWanted" | "onFailure" | "onCandles"> {
  const { basePath, symbol, interval, overlays, isLog, type, imported } = props;
  return {
    ...props,
    newest: shiftOpen(endOf(props.newest, props.shown), interval, -1),
    host,
    zone: page.zone.value,
    shape: { isLog, type, hasRsi: overlays.some(({ kind }) => kind === "rsi") },
    load: (interval, range) =>
      fetchCandles(
        candlesHref(basePath, { symbol, interval, imported, ...range }, MAX_CANDLES),
        signal,
      ),
    loadGaps: (interval) => fetchGaps(gapsHref(basePath, { symbol, interval }), signal),
    liveHref: (interval) => liveHref(basePath, { symbol, interval }),
    newestHref: (interval) => newestHref(basePath, { symbol, interval }),
  };
}

/** Closed candles from `/api/candles`; the browser revalidates with its ETag. */
async function fetchCandles(href: string, signal: AbortSignal): Promise<Candle[]> {
  const response = await fetch(href, { signal });
  if (!response.ok) throw new Error(`Cannot load candles: the server returned ${response.status}`);
  return toCandles(await response.json() as DrawnColumns);
}

/** Gaps of a series from `/api/gaps`. */
async function fetchGaps(href: string, signal: AbortSignal): Promise<ChartGap[]> {
  const response = await fetch(href, { signal });
  if (!response.ok) throw new Error(`Cannot load gaps: the server returned ${response.status}`);
  const { gaps } = await response.json() as { gaps: ChartGap[] };
  return gaps;
}
