import { type Candle, changeOf } from "../../chart/model/candle.ts";
import { candleTexts } from "../../chart/model/candle_texts.ts";
import type { ChartView } from "../../chart/model/chart_view.ts";
import { type ChartGap, GAP_REASON } from "../../chart/model/chart_gap.ts";
import { numberText } from "../../core/number_text.ts";
import { minuteText } from "../../core/time_text.ts";
import { endOf } from "../../core/interval.ts";
import type { EpochMs } from "../../core/time.ts";
import { type CandlePage, type CandleRow, toCandlePage } from "./candle_rows.ts";
import { type ChartAddress, chartHref } from "../components/href.ts";
import { findOrigin, type ProvenanceSpan, provenanceText, spansText } from "./provenance.ts";
import { digitsClass } from "../components/price_digits.ts";

/** Candles on a page. */
const SIZE = 50;

export interface CandleTableProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  readonly view: ChartView;
  readonly pair: string;
  readonly baseAsset: string;
  readonly spans: readonly ProvenanceSpan[];
  /** Open time of the candle that moves, where it follows those in view. */
  readonly moving: EpochMs | undefined;
}

/** The candles in view as figures, newest first, each with where it comes from. */
export function CandleTable(props: CandleTableProps) {
  const { basePath, address, view, pair, baseAsset } = props;
  const paged = toCandlePage(view.candles, view.gaps, { wanted: address.page ?? 1, size: SIZE });
  const { rows, first, last, page } = paged;
  return (
    <section
      class={`card candles ${digitsClass(view)}`}
      id="table"
      aria-labelledby="table-title"
    >
      <header class="card-head">
        <h2 id="table-title">Candles</h2>
        <p id="table-count" data-live>
          newest first, {numberText(first, 0)} to {numberText(last, 0)} of{" "}
          {numberText(view.candles.length, 0)}
        </p>
        <TablePages basePath={basePath} address={address} paged={paged} />
      </header>
      <div class="table-scroll" role="region" aria-labelledby="table-title" tabIndex={0}>
        <table>
          <caption class="unseen">{pair}, {view.interval} candles, newest first</caption>
          <thead>
            <tr>
              <th scope="col">Open time, UTC</th>
              <th scope="col">Open</th>
              <th scope="col">High</th>
              <th scope="col">Low</th>
              <th scope="col">Close</th>
              <th scope="col" title="Open to close">Δ</th>
              <th scope="col">Volume, {baseAsset}</th>
              <th scope="col">Trades</th>
              <th scope="col" title="Share of the volume that takers bought">Taker buy</th>
              <th scope="col" class="cell-origin">Provenance</th>
            </tr>
          </thead>
          <tbody id="table-open" data-live>
            {page === 1 && props.moving !== undefined && <OpenLine openTime={props.moving} />}
          </tbody>
          <tbody
            id="table-rows"
            data-live
            data-interval={view.interval}
            data-newest={view.candles.at(-1)?.openTime}
            data-decimals={`${view.decimals},${view.volumeDecimals}`}
            data-spans={spansText(props.spans)}
          >
            {rows.map((row) => <Row key={keyOf(row)} row={row} {...props} />)}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function keyOf(row: CandleRow): string {
  return row.kind === "candle" ? `${row.candle.openTime}` : `gap ${row.gap.from}`;
}

type RowProps = Pick<CandleTableProps, "view" | "spans">;

function Row({ row, view, spans }: RowProps & { readonly row: CandleRow }) {
  return row.kind === "candle"
    ? <CandleLine candle={row.candle} view={view} spans={spans} />
    : <GapLine gap={row.gap} />;
}

function CandleLine({ candle, view, spans }: RowProps & { readonly candle: Candle }) {
  const { openTime } = candle;
  const texts = candleTexts(candle, view);
  const origin = findOrigin(spans, openTime);
  return (
    <tr>
      <Cells texts={texts} tone={changeOf(candle) < 0 ? "down" : "up"} />
      <td class="cell-origin">
        {origin && provenanceText(origin, endOf(openTime, view.interval))}
      </td>
    </tr>
  );
}

interface CellsProps {
  readonly texts: ReturnType<typeof candleTexts>;
  readonly tone: "up" | "down";
}

function Cells({ texts, tone }: CellsProps) {
  return (
    <>
      <th scope="row">{texts.time}</th>
      <td data-name="O">{texts.open}</td>
      <td data-name="H">{texts.high}</td>
      <td data-name="L">{texts.low}</td>
      <td data-name="C" class="cell-close">{texts.close}</td>
      <td class={`cell-delta ${tone}`}>{texts.delta}</td>
      <td data-name="Vol" class="cell-volume">{texts.volume}</td>
      <td class="cell-wide">{texts.trades}</td>
      <td class="cell-wide">{texts.takerBuy}</td>
    </>
  );
}

/** Has the place of the candle that moves; its figures come with the stream. */
function OpenLine({ openTime }: { readonly openTime: EpochMs }) {
  const none = "–";
  const prices = { open: none, high: none, low: none, close: none, delta: none };
  const rest = { volume: none, trades: none, takerBuy: none };
  return (
    <tr class="row-open">
      <Cells texts={{ time: minuteText(openTime), ...prices, ...rest }} tone="up" />
      <td class="cell-origin">open: stored once it has closed</td>
    </tr>
  );
}

function GapLine({ gap }: { readonly gap: ChartGap }) {
  return (
    <tr class={`gap-row gap-${gap.class}`}>
      <td colSpan={10}>
        <b>{gap.missing} {gap.missing === 1 ? "candle" : "candles"} missing</b>,{" "}
        {minuteText(gap.from)} to {minuteText(gap.to)}: {GAP_REASON[gap.class]}
      </td>
    </tr>
  );
}

interface TablePagesProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  readonly paged: CandlePage;
}

/** Ways to the newer and the older candles of the table; hidden where all are on one page. */
function TablePages({ basePath, address, paged: { page, pages } }: TablePagesProps) {
  const href = (to: number) => `${chartHref(basePath, { ...address, page: to })}#table`;
  return (
    <nav
      class="table-pages"
      id="table-pages"
      data-live
      hidden={pages === 1}
      aria-label="Pages of the table"
    >
      {page > 1 && <a href={href(page - 1)} rel="prev">Newer</a>}
      <span>page {page} of {pages}</span>
      {page < pages && <a href={href(page + 1)} rel="next">Older</a>}
    </nav>
  );
}
