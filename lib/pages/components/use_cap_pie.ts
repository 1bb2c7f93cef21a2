import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { PiePlot } from "../../chart/plotly/pie_plot.ts";
import { everyVisible } from "../../chart/session/visible_timer.ts";
import type { EpochMs } from "../../core/time.ts";
import type { CapRow } from "../../marketcap/cap_rows.ts";
import type { QuoteRate } from "../../marketcap/quote_rate.ts";
import { type CapView, type PieCoin, type PieRow, toCapView } from "./cap_view.ts";
import { toHref } from "./site_href.ts";
import { useServerTime } from "./use_server_time.ts";
import { loadPlotly } from "../../chart/plotly/load_plotly.ts";
import type { PieSlice } from "../../chart/plotly/pie_figure.ts";
import { whenWanted } from "../../chart/session/when_wanted.ts";

export interface CapPieOptions {
  readonly basePath: string;
  readonly plotlyHref: string;
  readonly coins: readonly PieCoin[];
  readonly rows: readonly PieRow[];
  /** The asset of the values. */
  readonly quote?: string;
  /** Its rate, if the page shows that. */
  readonly rate?: QuoteRate;
  readonly serverTime: EpochMs;
}

const POLL_MS = 60_000;
const AGE_MS = 10_000;

/**
 * Market caps updated from the server, and a Plotly ring inside `host`, if given. `pointed` is the
 * slice under the pointer.
 */
export function useCapPie(options: CapPieOptions) {
  const { basePath, plotlyHref, coins, rows, quote = "USD", serverTime } = options;
  const host = useRef<HTMLDivElement>(null);
  const view = useSignal<CapView>(toCapView(coins, rows, quote));
  const rate = useSignal(options.rate);
  const plot = useSignal<PiePlot | undefined>(undefined);
  const pointed = useSignal<number | undefined>(undefined);
  const time = useServerTime(serverTime, AGE_MS);
  const slices = () =>
    view.value.slices.map(({ ticker, row, colour }) => ({
      name: ticker,
      value: row.market_cap,
      colour,
    }));

  useEffect(() => {
    const abort = new AbortController();
    if (host.current !== null) {
      openPieSession({
        host: host.current,
        plotlyHref,
        slices,
        onPoint: (index) => pointed.value = index,
      }, abort.signal).then((opened) => plot.value = opened, () => {}); // the server's ring stays
    }
    const refresh = async () => {
      const params = { quote: quote === "USD" ? undefined : quote };
      const answer = await fetchCaps(toHref(basePath, "/api/market-caps", params), abort.signal);
      if (answer === undefined) return; // the displayed values show their age
      rate.value = answer.rate && rateOf(quote, answer.rate);
      view.value = toCapView(
        coins,
        answer.coins.filter((row) => coins.some(({ id }) => id === row.coin)),
        quote,
      );
      await plot.value?.update(slices());
    };
    everyVisible(POLL_MS, refresh, abort.signal);
    if (performance.now() > POLL_MS) void refresh(); // the page's values are as old
    return () => abort.abort();
  }, []);

  return { host, view, rate, plot, pointed, time };
}

/** Answer of `/api/market-caps`; without a rate for US dollars. */
interface CapsAnswer {
  readonly coins: readonly CapRow[];
  readonly rate?: {
    readonly usd: number;
    readonly source: string | null;
    readonly taken_at: EpochMs | null;
  };
}

async function fetchCaps(href: string, signal: AbortSignal): Promise<CapsAnswer | undefined> {
  const response = await fetch(href, { signal }).catch(() => undefined);
  return response?.ok ? await response.json() as CapsAnswer : undefined;
}

function rateOf(
  quote: string,
  { usd, source, taken_at }: NonNullable<CapsAnswer["rate"]>,
): QuoteRate {
  return { quote, usd, source: source ?? undefined, takenAt: taken_at ?? undefined };
}

interface PieSessionOptions {
  readonly host: HTMLElement;
  readonly plotlyHref: string;
  /** The current values at that time. */
  readonly slices: () => readonly PieSlice[];
  readonly onPoint: (index: number | undefined) => void;
}

/**
 * Draws the interactive ring once the page is painted.
 * @throws when Plotly cannot be loaded: the server's picture stays
 */
async function openPieSession(
  { host, plotlyHref, slices, onPoint }: PieSessionOptions,
  signal: AbortSignal,
): Promise<PiePlot> {
  await whenWanted(host.parentElement ?? host, signal);
  const plotly = await loadPlotly(plotlyHref);
  signal.throwIfAborted();
  return await PiePlot.open({ plotly, host, slices: slices(), onPoint }, signal);
}
