import { asset, Head } from "fresh/runtime";
import FreshnessBadge from "../../../../islands/FreshnessBadge.tsx";
import LivePrice from "../../../../islands/LivePrice.tsx";
import MoreSymbols from "../../../../islands/MoreSymbols.tsx";
import MarketCapPie from "../../../../islands/MarketCapPie.tsx";
import NewestRows from "../../../../islands/NewestRows.tsx";
import SymbolField from "../../../../islands/SymbolField.tsx";
import TableState from "../../../../islands/TableState.tsx";
import { type ChartView, toChartView } from "../../../chart/model/chart_view.ts";
import type { MoveHrefs } from "../../../chart/model/view_facts.ts";
import { SUMMARY } from "../../../chart/page_names.ts";
import { openTimeOf } from "../../../core/interval.ts";
import { numberText } from "../../../core/text/number_text.ts";
import type { Settings } from "../../../http/define.ts";
import { toCapRows } from "../../../marketcap/cap_rows.ts";
import { packCaps } from "../cap_facts.ts";
import { toCapView } from "../../components/cap_view.ts";
import { chartHref } from "../../components/href.ts";
import { toHref } from "../../components/site_href.ts";
import { CandleTable } from "../CandleTable.tsx";
import { CapCard } from "../CapCard.tsx";
import { EmptyChart } from "../EmptyChart.tsx";
import { ImportedNote } from "../ImportedNote.tsx";
import { type ChartsData, gapsOf, type OpenTimes } from "../page_charts.ts";
import { pairName, quoteOf, type SymbolRow } from "../symbols/symbol_row.ts";
import { symbolsHref } from "../symbols/symbols_href.ts";
import { StarButton } from "../symbols/StarButton.tsx";
import { SymbolForm } from "../symbols/SymbolForm.tsx";
import { SymbolList } from "../symbols/SymbolList.tsx";
import { ChartToolbar } from "../toolbar/ChartToolbar.tsx";
import { datesOf } from "../toolbar/DatesMenu.tsx";
import { toMoveHrefs } from "../toolbar/move_links.ts";
import { ChartFigure } from "./ChartFigure.tsx";
import { HERE } from "./here.ts";

export interface ChartsPageProps {
  readonly data: ChartsData;
  readonly settings: Settings;
  /** Origin of this site, base path included. */
  readonly origin: string;
}

export function ChartsPage({ data, settings, origin }: ChartsPageProps) {
  const { address, rows } = data;
  const row = rows.find(({ symbol }) => symbol === address.symbol)!;
  const { price } = row;
  const searchHref = toHref(settings.basePath, "/api/symbols");
  const view = viewOf(data);
  const shown = shownTimes(view);
  const moves = shown && movesOf(data, view, shown);
  return (
    <main class="page charts" id="main">
      <PageHead data={data} row={row} basePath={settings.basePath} />
      <SymbolList
        basePath={HERE}
        address={address}
        rows={rows}
        favourites={data.favourites}
        count={data.symbolCount}
        price={price && <LivePrice quote={quoteOf(price)} isStale={price.freshness === "stale"} />}
        field={
          <SymbolField
            symbol={address.symbol}
            searchHref={rows.length < data.symbolCount ? searchHref : undefined}
          />
        }
        end={rows.length < data.symbolCount && data.lastListed && (
          <MoreSymbols
            searchHref={searchHref}
            first={data.favourites.join()}
            after={data.lastListed}
            current={address.symbol}
          >
            <a class="symbols-all" href={symbolsHref(HERE, address)}>
              All {numberText(data.symbolCount, 0)} symbols
            </a>
          </MoreSymbols>
        )}
      />
      <section class="chart-column">
        <ChartHead data={data} row={row} shown={shown} />
        {shown === undefined || moves === undefined
          ? <NoCandles data={data} historySince={settings.historySince} />
          : (
            <ChartFigure
              data={data}
              view={view}
              settings={settings}
              shown={shown}
              moves={moves}
              row={row}
              origin={origin}
            />
          )}
      </section>
      <aside class="caps-column">
        <Caps data={data} settings={settings} />
      </aside>
      {moves && (
        <CandleTable
          basePath={HERE}
          address={address}
          view={view}
          pair={pairName(row)}
          baseAsset={row.base}
          spans={data.provenance}
          moving={openCandleOf(data)}
          moves={moves}
          quote={price && quoteOf(price)}
          state={<TableState />}
          newestRows={(openRow) => <NewestRows>{openRow}</NewestRows>}
        />
      )}
    </main>
  );
}

function viewOf(data: ChartsData): ChartView {
  return toChartView({
    interval: data.interval,
    candles: data.candles,
    before: data.before,
    knownGaps: gapsOf(data),
    overlays: data.address.overlays ?? [],
    isLog: data.address.scale === "log",
    type: data.address.type,
    tickSize: data.coverage?.tickSize,
  });
}

function shownTimes({ candles }: ChartView): OpenTimes | undefined {
  const [first, last] = [candles[0], candles.at(-1)];
  return first && last && { first: first.openTime, last: last.openTime };
}

/** Links from the displayed candles to neighbouring ones. */
function movesOf(data: ChartsData, { bars, perBar }: ChartView, shown: OpenTimes): MoveHrefs {
  const { address, interval, extent = shown } = data;
  return toMoveHrefs(HERE, {
    address,
    interval,
    perBar,
    first: bars[0]!.openTime,
    last: bars.at(-1)!.openTime,
    oldest: extent.first,
    newest: extent.last,
  });
}

/**
 * Open time of the open candle; `undefined` for a range that does not include it, and for a series
 * without candles of the exchange.
 */
function openCandleOf({ address: { to }, coverage, interval, serverTime }: ChartsData) {
  return to === undefined && coverage !== undefined
    ? openTimeOf(serverTime, interval, coverage.firstOpenTime)
    : undefined;
}

/** An attribute of `<link rel="expect">` that JSX types lack. */
const RENDER_BLOCKING = { blocking: "render" };

interface PageHeadProps {
  readonly data: ChartsData;
  readonly row: SymbolRow;
  readonly basePath: string;
}

function PageHead({ data, row, basePath }: PageHeadProps) {
  return (
    <Head>
      <title>{`${pairName(row)} ${data.interval} · wick`}</title>
      <link key="page-styles" rel="stylesheet" href={toHref(basePath, asset("/charts.css"))} />
      {/* Delays the first paint until the candles are parsed, so that nothing above them moves. */}
      <link key="expect" rel="expect" href={`#${SUMMARY}`} {...RENDER_BLOCKING} />
      <link key="canonical" rel="canonical" href={chartHref(basePath, data.address)} />
    </Head>
  );
}

interface ChartHeadProps {
  readonly data: ChartsData;
  readonly row: SymbolRow;
  readonly shown: OpenTimes | undefined;
}

/** Symbol, price and state, and the controls of the chart. */
function ChartHead({ data, row, shown }: ChartHeadProps) {
  const { address, interval, rows, coverage, serverTime } = data;
  return (
    <>
      <div class="chart-head">
        <SymbolForm
          basePath={HERE}
          address={address}
          rows={rows}
          favourites={data.favourites}
          count={data.symbolCount}
        />
        <div class="chart-name">
          <h1 class="pair">
            {row.base}
            {row.quote && <span>/{row.quote}</span>}
          </h1>
          <StarButton row={row} isMarked={data.favourites.includes(row.symbol)} hasKey />
          <FreshnessBadge
            interval={interval}
            lastOpenTime={coverage?.lastOpenTime}
            failure={data.failure}
            frozenTo={address.to}
            serverTime={serverTime}
          />
        </div>
        {row.price && <LivePrice quote={quoteOf(row.price)} isHeadline />}
      </div>
      <div class="toolbar-place">
        <ChartToolbar
          {...data}
          basePath={HERE}
          firstOpenTime={data.extent?.first}
          dates={shown ?? (data.extent && datesOf(address, serverTime))}
        />
      </div>
    </>
  );
}

/** Shown while the range, or the whole series, has no candles. */
function NoCandles(
  { data, historySince }: { readonly data: ChartsData; readonly historySince: number },
) {
  const { address, coverage, extent, importedRows } = data;
  const rows = (coverage?.rows ?? 0) + (address.imported === undefined ? 0 : importedRows);
  return (
    <figure class="card chart">
      <EmptyChart
        basePath={HERE}
        address={address}
        interval={data.interval}
        stored={extent && { ...extent, rows }}
        historySince={historySince}
        gaps={data.gaps}
        isOffline={data.failure !== undefined}
        imported={<ImportedNote basePath={HERE} address={address} rows={importedRows} />}
      />
    </figure>
  );
}

function Caps({ data, settings }: { readonly data: ChartsData; readonly settings: Settings }) {
  const { serverTime } = data;
  const rows = toCapRows(data.pie.caps, { changes: new Map(), now: serverTime });
  const caps = packCaps(data.pie.coins, rows);
  const view = toCapView(data.pie.coins, rows);
  return (
    <MarketCapPie
      basePath={settings.basePath}
      plotlyHref={settings.plotlyHref}
      serverTime={serverTime}
      caps={caps}
    >
      <CapCard view={view} now={serverTime} pointed={undefined} isDrawn={false}>
        <div class="engine" />
      </CapCard>
    </MarketCapPie>
  );
}
