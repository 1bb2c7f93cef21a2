import { page } from "fresh";
import { Head } from "fresh/runtime";
import FreshnessBadge from "../islands/FreshnessBadge.tsx";
import KlineChart from "../islands/KlineChart.tsx";
import LiveReadout from "../islands/LiveReadout.tsx";
import MarketCapPie from "../islands/MarketCapPie.tsx";
import { toCandles } from "../lib/chart/candle.ts";
import { type ChartView, toChartView } from "../lib/chart/chart_view.ts";
import type { Hole } from "../lib/chart/hole.ts";
import { utcText } from "../lib/chart/time_text.ts";
import { endOf } from "../lib/core/interval.ts";
import { toCapRows } from "../lib/marketcap/cap_rows.ts";
import { CandleTable } from "../lib/ui/CandleTable.tsx";
import { ChartActions } from "../lib/ui/ChartActions.tsx";
import { ChartControls } from "../lib/ui/ChartControls.tsx";
import { ChartPictures } from "../lib/ui/ChartPictures.tsx";
import { ChartSummary } from "../lib/ui/ChartSummary.tsx";
import { EmptyChart } from "../lib/ui/EmptyChart.tsx";
import { chartHref, exportHref } from "../lib/ui/href.ts";
import { toMoveHrefs } from "../lib/ui/move_links.ts";
import { PriceHeadline } from "../lib/ui/PriceHeadline.tsx";
import { pairName } from "../lib/ui/symbol_row.ts";
import { SymbolForm } from "../lib/ui/SymbolForm.tsx";
import { SymbolList } from "../lib/ui/SymbolList.tsx";
import { parseChartsQuery } from "../lib/web/charts_query.ts";
import { define, type Settings } from "../lib/web/define.ts";
import { byMethod } from "../lib/web/methods.ts";
import { type ChartsData, readCharts } from "../lib/web/page_charts.ts";

/**
 * Base of links from the page to itself. Fresh marks a link as current by its path alone, which all
 * of them share, unless it is relative.
 */
const HERE = ".";

/** A page without candles yet looks again after this time. */
const REFRESH_S = "5";

/** GET /charts?symbol=BTCUSDT&interval=4h[&from=…&to=…] */
export const handler = define.handlers(byMethod<ChartsData>({
  async GET({ url, state: { services } }) {
    const address = parseChartsQuery(url.searchParams, services.settings);
    const data = await readCharts(services, address);
    const headers = new Headers({ "cache-control": "no-cache" });
    if (data.coverage === undefined) headers.set("refresh", REFRESH_S);
    return page(data, { headers });
  },
}));

export default define.page<typeof handler>(function ChartsPage({ data, state }) {
  const { settings } = state.services;
  const { basePath } = settings;
  const { address, rows, coverage, caps, serverTime } = data;
  const row = rows.find(({ symbol }) => symbol === address.symbol)!;
  const view = toChartView({
    interval: address.interval,
    candles: toCandles(data.columns).filter(({ openTime }) => openTime >= (address.from ?? 0)),
    knownHoles: knownHolesOf(data),
    tickSize: coverage?.tickSize,
  });
  const isEmpty = view.candles.length === 0;
  const list = { basePath: HERE, address, rows };
  return (
    <main class="page charts" id="main">
      <Head>
        <title>{`${pairName(row)} ${address.interval} · wick`}</title>
        <link rel="canonical" href={chartHref(basePath, address)} />
      </Head>
      <SymbolList {...list} />
      <section class="chart-column">
        <div class="chart-head">
          <SymbolForm {...list} />
          <PriceHeadline row={row} />
          <FreshnessBadge
            interval={address.interval}
            lastOpenTime={coverage?.lastOpenTime}
            failure={data.failure}
            frozenTo={address.to}
            serverTime={serverTime}
          />
          <ChartControls {...data} basePath={HERE} firstOpenTime={coverage?.firstOpenTime} />
        </div>
        {isEmpty
          ? <NoCandles data={data} />
          : <ChartFigure data={data} view={view} settings={settings} pair={pairName(row)} />}
      </section>
      <aside class="caps-column">
        <MarketCapPie
          basePath={basePath}
          plotlyHref={settings.plotlyHref}
          coins={settings.coins.map(({ id, ticker }) => ({ id, ticker }))}
          rows={toCapRows(caps, serverTime)}
          serverTime={serverTime}
        />
      </aside>
      {!isEmpty && <CandleTable view={view} pair={pairName(row)} baseAsset={row.base} />}
    </main>
  );
});

function knownHolesOf({ gaps }: ChartsData): Hole[] {
  return gaps.map(({ from, to, missing, class: reason }) => ({ from, to, missing, class: reason }));
}

interface ChartFigureProps {
  readonly data: ChartsData;
  readonly view: ChartView;
  readonly settings: Settings;
  readonly pair: string;
}

/** The server's pictures, the island that takes their place, and everything around them. */
function ChartFigure({ data, view, settings, pair }: ChartFigureProps) {
  const { address, coverage, rows } = data;
  const { basePath, plotlyHref } = settings;
  const { candles, bars, decimals } = view;
  const [first, last] = [candles[0]!.openTime, candles.at(-1)!.openTime];
  const series = { symbol: address.symbol, interval: address.interval };
  const label = `Candlestick chart of ${pair}, ${series.interval}, ${bars.length} candles`;
  const baseAsset = rows.find(({ symbol }) => symbol === series.symbol)!.base;
  return (
    <>
      <figure class="card chart" aria-labelledby="chart-summary">
        <LiveReadout candle={bars.at(-1)!} decimals={decimals} baseAsset={baseAsset} />
        <div class="plot">
          <ChartPictures view={view} label={label} />
          <KlineChart
            {...{ ...series, basePath, plotlyHref, first, last, decimals, label }}
            intervals={data.intervals}
            isPinned={address.isPinned ?? false}
            isLog={view.shape.isLog}
            overlays={address.overlays ?? []}
            oldest={coverage?.firstOpenTime ?? first}
            newest={coverage?.lastOpenTime ?? last}
            holes={knownHolesOf(data)}
            serverTime={data.serverTime}
          />
        </div>
        <ChartActions
          moves={toMoveHrefs(HERE, {
            address,
            first,
            last,
            candles: candles.length,
            oldest: coverage?.firstOpenTime ?? first,
            newest: coverage?.lastOpenTime ?? last,
          })}
          visibleCsv={{
            href: exportHref(basePath, {
              ...series,
              from: first,
              to: endOf(last, series.interval),
            }),
            rows: candles.length,
          }}
          wholeCsv={{ href: exportHref(basePath, series), rows: coverage?.rows ?? candles.length }}
        />
      </figure>
      <ChartSummary id="chart-summary" view={view} pair={pair} isCut={data.isCut} />
    </>
  );
}

/** Nothing in the range, or nothing yet. */
function NoCandles({ data }: { readonly data: ChartsData }) {
  const { address: { symbol, interval, from, to }, coverage } = data;
  const first = coverage?.firstOpenTime;
  const last = coverage?.lastOpenTime;
  const range = [
    ...from === undefined ? [] : [`from ${utcText(from)}`],
    ...to === undefined ? [] : [`before ${utcText(to)}`],
  ].join(" ");
  return (
    <figure class="card chart">
      <EmptyChart
        title={first === undefined
          ? `No candles of ${symbol} ${interval} yet`
          : `No candles ${range}`}
        stored={first === undefined || last === undefined ? undefined : { first, last }}
        newestHref={chartHref(HERE, { symbol, interval })}
      />
    </figure>
  );
}
