import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { openPieSession } from "../lib/chart/pie_session.ts";
import type { PiePlot } from "../lib/chart/pie_plot.ts";
import { everyVisible } from "../lib/chart/visible_timer.ts";
import type { EpochMs } from "../lib/core/time.ts";
import type { CapRow } from "../lib/marketcap/cap_rows.ts";
import { type CapView, type PieCoin, toCapView } from "../lib/ui/cap_view.ts";
import { CapCard } from "../lib/ui/CapCard.tsx";
import { toHref } from "../lib/ui/href.ts";
import { useServerTime } from "../lib/ui/use_server_time.ts";

export interface MarketCapPieProps {
  readonly basePath: string;
  readonly plotlyHref: string;
  readonly coins: readonly PieCoin[];
  readonly rows: readonly CapRow[];
  readonly serverTime: EpochMs;
}

const POLL_MS = 60_000;
const AGE_MS = 10_000;

/** Market caps of the configured coins, which follow the server without a reload. */
export default function MarketCapPie(props: MarketCapPieProps) {
  const { basePath, plotlyHref, coins, serverTime } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useSignal<CapView>(toCapView(coins, props.rows));
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
    openPieSession({
      host: host.current!,
      plotlyHref,
      slices,
      onPoint: (index) => pointed.value = index,
    }, abort.signal).then((opened) => plot.value = opened, () => {}); // the ring of the server stays
    everyVisible(POLL_MS, async () => {
      const rows = await fetchCaps(toHref(basePath, "/api/market-caps"), abort.signal);
      if (rows === undefined) return; // what is shown tells its age
      view.value = toCapView(coins, rows);
      await plot.value?.update(slices());
    }, abort.signal);
    return () => abort.abort();
  }, []);

  return (
    <CapCard
      view={view.value}
      now={time.value}
      pointed={pointed.value === undefined ? undefined : view.value.slices[pointed.value]}
      isDrawn={plot.value !== undefined}
    >
      <div class="engine" ref={host} />
    </CapCard>
  );
}

async function fetchCaps(href: string, signal: AbortSignal): Promise<CapRow[] | undefined> {
  const response = await fetch(href, { signal }).catch(() => undefined);
  if (!response?.ok) return undefined;
  const { coins } = await response.json() as { coins: CapRow[] };
  return coins;
}
