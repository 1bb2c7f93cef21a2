import type { Interval } from "../../core/interval.ts";
import { MAX_TIME } from "../../core/time.ts";
import { type Candle, withNewer } from "../model/candle.ts";
import type { LoadCandles } from "../model/candle_memory.ts";
import type { KlineChart } from "../plotly/kline_chart.ts";
import { followMarket } from "./live_feed.ts";
import { page } from "./page_signals.ts";

export interface LiveSeriesOptions {
  readonly liveHref: (interval: Interval) => string;
  readonly newestHref: (interval: Interval) => string;
  readonly load: LoadCandles;
}

/**
 * Follows the interval that `chart` shows while its newest candle is in view. Call what this
 * returns whenever the view may have changed.
 */
export function followSeries(
  options: LiveSeriesOptions,
  chart: KlineChart,
  signal: AbortSignal,
): () => void {
  let followed: Interval | undefined;
  let line = new AbortController();
  const hangUp = () => {
    line.abort();
    followed = undefined;
    page.live.value = page.moving.value = undefined;
  };
  signal.addEventListener("abort", hangUp, { once: true });
  return () => {
    const { interval } = chart.view;
    const wanted = chart.isAtEnd && !signal.aborted ? interval : undefined;
    if (wanted === followed) return;
    hangUp();
    followed = wanted;
    if (wanted === undefined) return;
    line = new AbortController();
    void followMarket(marketOf(wanted, options, chart, line.signal), line.signal);
  };
}

function marketOf(
  interval: Interval,
  { liveHref, newestHref, load }: LiveSeriesOptions,
  chart: KlineChart,
  signal: AbortSignal,
) {
  const last = () => chart.view.bars.at(-1)?.openTime ?? chart.newest;
  const tell = oncePerFrame((candle: Candle) => {
    if (candle.openTime <= last()) return; // a late tick: the candle has closed
    page.moving.value = chart.include(candle);
  }, signal);
  return {
    href: liveHref(interval),
    newestHref: newestHref(interval),
    lastOpenTime: last,
    onState: (state: typeof page.live.value) => {
      page.live.value = state;
      if (state === "lost") page.moving.value = undefined;
    },
    onHeard: () => page.heardAt.value = performance.now(),
    onTick: tell,
    onClose: (candle: Candle) => {
      if (page.moving.value && page.moving.value.openTime <= candle.openTime) {
        page.moving.value = undefined;
      }
      keepClosed(interval, candle);
      add([chart.include(candle)]);
    },
    poll: async () => {
      const from = last(); // again: it may have been revised
      const fresh = await load(interval, { from, to: MAX_TIME }).catch(() => []);
      const old = chart.view.bars.at(-1);
      const isNews = fresh.length > 1 || JSON.stringify(fresh[0]) !== JSON.stringify(old);
      if (followed() && fresh.length > 0 && isNews) add(fresh);
    },
  };
  function followed() {
    return page.live.value !== undefined && chart.view.interval === interval;
  }
  function add(candles: readonly Candle[]) {
    page.newest.value = candles.at(-1);
    chart.append(interval, candles);
  }
}

/** Closed candles that are kept, more than are ever waiting to be stored. */
const KEPT = 50;

/** Keeps a candle that the server may not have stored yet, until the page's table has it. */
function keepClosed(interval: Interval, candle: Candle): void {
  const { closed } = page;
  const kept = closed.value?.interval === interval ? closed.value.candles.slice(-KEPT) : [];
  closed.value = { interval, candles: withNewer(kept, [candle]) };
}

/** Paints all changes of a tick together; of several ticks in a frame only the last one. */
function oncePerFrame<T>(tell: (value: T) => void, signal: AbortSignal): (value: T) => void {
  let newest: T;
  let frame = 0;
  signal.addEventListener("abort", () => cancelAnimationFrame(frame), { once: true });
  return (value) => {
    newest = value;
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      tell(newest);
    });
  };
}
