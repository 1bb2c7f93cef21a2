import { page } from "fresh";
import { asset, Head } from "fresh/runtime";
import ApiSnippets from "../islands/ApiSnippets.tsx";
import ChartShare from "../islands/ChartShare.tsx";
import ChartTools from "../islands/ChartTools.tsx";
import FreshnessBadge from "../islands/FreshnessBadge.tsx";
import KlineChart from "../islands/KlineChart.tsx";
import LiveReadout from "../islands/LiveReadout.tsx";
import SymbolField from "../islands/SymbolField.tsx";
import MarketCapPie from "../islands/MarketCapPie.tsx";
import { type ChartView, toChartView } from "../lib/chart/model/chart_view.ts";
import { endOf, openTimeOf } from "../lib/core/interval.ts";
import { toCapRows } from "../lib/marketcap/cap_rows.ts";
import { pieCoinsOf } from "../lib/marketcap/coins.ts";
import { ApiMenu } from "../lib/pages/charts/toolbar/ApiMenu.tsx";
import { BackfillNote } from "../lib/pages/charts/BackfillNote.tsx";
import { CapCard } from "../lib/pages/charts/CapCard.tsx";
import { toCapView } from "../lib/pages/components/cap_view.ts";
import { CandleTable } from "../lib/pages/charts/CandleTable.tsx";
import { toChartSnippets } from "../lib/pages/charts/toolbar/chart_snippets.ts";
import { ChartActions } from "../lib/pages/charts/toolbar/ChartActions.tsx";
import { ChartPictures } from "../lib/pages/charts/picture/ChartPictures.tsx";
import { ChartSummary } from "../lib/pages/charts/ChartSummary.tsx";
import { ChartToolbar } from "../lib/pages/charts/toolbar/ChartToolbar.tsx";
import { CodeBlock } from "../lib/pages/components/CodeBlock.tsx";
import { CoverageStrip } from "../lib/pages/charts/HistoryStrip.tsx";
import { datesOf } from "../lib/pages/charts/toolbar/DatesMenu.tsx";
import { EmptyChart } from "../lib/pages/charts/EmptyChart.tsx";
import { chartHref, exportHref, toHref } from "../lib/pages/components/href.ts";
import { LegendChips } from "../lib/pages/charts/toolbar/LegendChips.tsx";
import { digitsClass } from "../lib/pages/components/price_digits.ts";
import { toMoveHrefs } from "../lib/pages/charts/toolbar/move_links.ts";
import { PriceHeadline } from "../lib/pages/charts/PriceHeadline.tsx";
import { ProofLine } from "../lib/pages/charts/ProofLine.tsx";
import { StaleNote } from "../lib/pages/charts/StaleNote.tsx";
import { pairName } from "../lib/pages/charts/symbols/symbol_row.ts";
import { SymbolForm } from "../lib/pages/charts/symbols/SymbolForm.tsx";
import { SymbolList } from "../lib/pages/charts/symbols/SymbolList.tsx";
import { parseChartsQuery } from "../lib/pages/charts/charts_query.ts";
import { publicOrigin } from "../lib/http/client_address.ts";
import { define, type Settings } from "../lib/http/define.ts";
import { byMethod } from "../lib/http/methods.ts";
import { stylePreload } from "../lib/pages/charts/paint_first.ts";
import { type ChartsData, holesOf, readCharts } from "../lib/pages/charts/page_charts.ts";

/**
 * Base of links from the page to itself. Fresh marks a link as current by its path alone, which all
 * of them share, unless it is relative.
 */
const HERE = ".";

/** A page without candles yet looks again after this time. */
const REFRESH_S = "5";

/** GET /charts?symbol=BTCUSDT&interval=4h[&from=…&to=…] and what else `chartParams` names. */
export const handler = define.handlers(byMethod<ChartsData>({
  async GET({ url, state: { services } }) {
    const address = parseChartsQuery(url.searchParams, services.settings);
    const data = await readCharts(services, address);
    const headers = new Headers({
      "cache-control": "no-cache",
      link: stylePreload(services.settings.basePath, "/charts.css"),
    });
    if (data.coverage === undefined) headers.set("refresh", REFRESH_S);
    return page(data, { headers });
  },
}));

export default define.page<typeof handler>(function ChartsPage({ data, state, req, url }) {
  const { settings } = state.services;
  const { basePath } = settings;
  const { address, interval, rows, coverage, caps, serverTime } = data;
  const row = rows.find(({ symbol }) => symbol === address.symbol)!;
  const view = toChartView({
    ...{ interval, candles: data.candles, before: data.before, knownHoles: holesOf(data) },
    ...{ overlays: address.overlays ?? [], isLog: address.scale === "log" },
    tickSize: coverage?.tickSize,
  });
  const shown = shownTimes(view);
  const coins = pieCoinsOf(data.coins);
  const capRows = toCapRows(caps, serverTime);
  const list = { basePath: HERE, address, rows };
  return (
    <main class="page charts" id="main">
      <Head>
        <title>{`${pairName(row)} ${interval} · wick`}</title>
        <link key="page-styles" rel="stylesheet" href={toHref(basePath, asset("/charts.css"))} />
        {/* One first paint, with the candles: nothing above them moves while the page comes in. */}
        <link key="expect" rel="expect" href="#chart-summary" {...{ blocking: "render" }} />
        <link key="canonical" rel="canonical" href={chartHref(basePath, address)} />
      </Head>
      <SymbolList {...list}>
        <SymbolField symbol={address.symbol} />
      </SymbolList>
      <section class="chart-column">
        <div class="chart-head">
          <SymbolForm {...list} />
          <PriceHeadline row={row} />
          <FreshnessBadge
            interval={interval}
            lastOpenTime={coverage?.lastOpenTime}
            failure={data.failure}
            frozenTo={address.to}
            serverTime={serverTime}
          />
          <ChartToolbar
            {...data}
            basePath={HERE}
            firstOpenTime={coverage?.firstOpenTime}
            dates={shown ?? (coverage && datesOf(address, serverTime))}
          />
        </div>
        {shown === undefined
          ? <NoCandles data={data} historySince={settings.historySince} />
          : (
            <ChartFigure
              {...{ data, view, settings, shown }}
              pair={pairName(row)}
              origin={publicOrigin(req, url, settings.proxy) + basePath}
            />
          )}
      </section>
      <aside class="caps-column">
        <MarketCapPie
          {...{ basePath, serverTime }}
          plotlyHref={settings.plotlyHref}
          coins={coins}
          rows={capRows}
        >
          <CapCard
            view={toCapView(coins, capRows)}
            now={serverTime}
            pointed={undefined}
            isDrawn={false}
          >
            <div class="engine" />
          </CapCard>
        </MarketCapPie>
      </aside>
      {shown && (
        <CandleTable
          {...{ address, view }}
          basePath={HERE}
          pair={pairName(row)}
          baseAsset={row.base}
          spans={data.provenance}
          moving={movingOf(data)}
        />
      )}
    </main>
  );
});

/** Open times of the first and the last candle shown. */
interface Shown {
  readonly first: number;
  readonly last: number;
}

function shownTimes({ candles }: ChartView): Shown | undefined {
  const [first, last] = [candles[0], candles.at(-1)];
  return first && last && { first: first.openTime, last: last.openTime };
}

/** Open time of the candle that moves; none beside a range that does not reach it. */
function movingOf({ address: { to }, coverage, interval, serverTime }: ChartsData) {
  return to === undefined ? openTimeOf(serverTime, interval, coverage?.firstOpenTime) : undefined;
}

interface ChartFigureProps {
  readonly data: ChartsData;
  readonly view: ChartView;
  readonly shown: Shown;
  readonly settings: Settings;
  readonly pair: string;
  /** Of this site, base path included. */
  readonly origin: string;
}

/** The server's pictures, the island that takes their place, and everything around them. */
function ChartFigure({ data, view, shown, settings, pair, origin }: ChartFigureProps) {
  const { address, interval, coverage, rows, provenance } = data;
  const { basePath, plotlyHref } = settings;
  const { bars, perBar, decimals } = view;
  const { first, last } = shown;
  const { symbol } = address;
  const range = { symbol, interval, from: first, to: endOf(last, interval) };
  const snippets = { ...range, origin };
  const label = `Candlestick chart of ${pair}`;
  const baseAsset = rows.find((row) => row.symbol === symbol)!.base;
  const rowCount = view.candles.length;
  return (
    <>
      <figure
        class={`card chart ${digitsClass(view)}`}
        aria-labelledby="chart-summary"
      >
        <LiveReadout
          {...{ decimals, baseAsset, interval }}
          candle={bars.at(-1)!}
          spans={perBar === 1 ? provenance.slice(-1) : []}
        />
        <LegendChips
          {...{ address, decimals, interval }}
          basePath={HERE}
          studies={view.studies}
        />
        <ChartStates data={data} />
        <div class={`plot ${view.shape.hasRsi ? "plot-tall" : ""}`}>
          <ChartPictures view={view} label={`${label}, ${interval}, ${bars.length} candles`} />
          <KlineChart
            {...{ symbol, basePath, plotlyHref, first, last, decimals, label }}
            interval={address.interval}
            shown={interval}
            intervals={data.intervals}
            isPinned={address.isPinned ?? false}
            isLog={view.shape.isLog}
            isLocal={address.tz === "local"}
            overlays={address.overlays ?? []}
            oldest={coverage?.firstOpenTime ?? first}
            newest={coverage?.lastOpenTime ?? last}
            holes={holesOf(data)}
            serverTime={data.serverTime}
          />
        </div>
        {coverage?.firstOpenTime !== undefined && coverage.lastOpenTime !== undefined && (
          <CoverageStrip
            basePath={HERE}
            address={address}
            source={{
              ...{ ...coverage, interval, outline: data.outline, holes: holesOf(data) },
              firstOpenTime: coverage.firstOpenTime,
              lastOpenTime: coverage.lastOpenTime,
              historySince: settings.historySince,
            }}
            view={range}
          />
        )}
        <ChartActions
          moves={toMoveHrefs(HERE, {
            ...{ address, interval, first, last, candles: rowCount },
            oldest: coverage?.firstOpenTime ?? first,
            newest: coverage?.lastOpenTime ?? last,
          })}
          visibleCsv={{ href: exportHref(basePath, range), rows: rowCount }}
          tools={<ChartTools />}
          wholeCsv={{
            href: exportHref(basePath, { symbol, interval }),
            rows: coverage?.rows ?? rowCount,
          }}
        >
          <ChartShare
            {...{ symbol, pair }}
            interval={address.interval}
            source="Binance spot candles, by wick"
          />
          <ApiMenu rows={rowCount}>
            <ApiSnippets {...snippets}>
              {Object.entries(toChartSnippets(snippets)).map(([name, code]) => (
                <CodeBlock key={name} title={name} code={code} />
              ))}
            </ApiSnippets>
          </ApiMenu>
        </ChartActions>
      </figure>
      <ChartSummary
        {...{ view, pair, isCut: data.isCut }}
        id="chart-summary"
        statusHref={toHref(basePath, "/status", { interval, symbol })}
      >
        {data.proof && <ProofLine {...data.proof} csvHref={exportHref(basePath, range)} />}
      </ChartSummary>
    </>
  );
}

/** What is not as it should be, and what is being done about it. */
function ChartStates({ data }: { readonly data: ChartsData }) {
  const { address: { symbol, to, tz }, interval, coverage, remaining, serverTime, failure } = data;
  return (
    <>
      {to === undefined && (
        <StaleNote
          {...{ interval, serverTime, isOffline: failure !== undefined }}
          lastOpenTime={coverage?.lastOpenTime}
        />
      )}
      {coverage && <BackfillNote {...{ symbol, interval, remaining, rows: coverage.rows }} />}
      {tz === "local" && (
        <noscript>
          <p class="chart-state">
            Times are in UTC: without script this page cannot know the clock of your device.
          </p>
        </noscript>
      )}
    </>
  );
}

/** Nothing in the range, or nothing yet. */
function NoCandles(
  { data, historySince }: { readonly data: ChartsData; readonly historySince: number },
) {
  const { address, interval, coverage } = data;
  return (
    <figure class="card chart">
      <EmptyChart
        isOffline={data.failure !== undefined}
        {...{ address, interval, coverage, historySince, holes: data.gaps }}
        basePath={HERE}
      />
    </figure>
  );
}
