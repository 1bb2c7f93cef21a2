import { type Candle, changeOf } from "../chart/candle.ts";
import type { ChartView } from "../chart/chart_view.ts";
import { type Hole, HOLE_REASON } from "../chart/hole.ts";
import { deltaText, numberText, priceText, shareText } from "../chart/number_text.ts";
import { minuteText } from "../chart/time_text.ts";
import { endOf } from "../core/interval.ts";
import { type CandleRow, toCandlePage } from "./candle_rows.ts";
import { type ChartAddress } from "./href.ts";
import { findOrigin, type ProvenanceSpan, provenanceText } from "./provenance.ts";
import { TablePages } from "./TablePages.tsx";

/** Candles on a page. */
const SIZE = 50;

export interface CandleTableProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  readonly view: ChartView;
  readonly pair: string;
  readonly baseAsset: string;
  readonly spans: readonly ProvenanceSpan[];
}

/** The candles in view as figures, newest first, each with where it comes from. */
export function CandleTable(props: CandleTableProps) {
  const { basePath, address, view, pair, baseAsset } = props;
  const paged = toCandlePage(view.candles, view.holes, { wanted: address.page ?? 1, size: SIZE });
  const { rows, first, last } = paged;
  return (
    <section class="card candles" id="table" aria-labelledby="table-title">
      <header class="card-head">
        <h2 id="table-title">Candles</h2>
        <p>
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
          <tbody>
            {rows.map((row) => <Row key={keyOf(row)} row={row} {...props} />)}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function keyOf(row: CandleRow): string {
  return row.kind === "candle" ? `${row.candle.openTime}` : `hole ${row.hole.from}`;
}

type RowProps = Pick<CandleTableProps, "view" | "spans">;

function Row({ row, view, spans }: RowProps & { readonly row: CandleRow }) {
  return row.kind === "candle"
    ? <CandleLine candle={row.candle} view={view} spans={spans} />
    : <HoleLine hole={row.hole} />;
}

function CandleLine({ candle, view, spans }: RowProps & { readonly candle: Candle }) {
  const change = changeOf(candle);
  const { openTime, volume, takerBuy } = candle;
  const { interval, decimals, volumeDecimals } = view;
  const origin = findOrigin(spans, openTime);
  return (
    <tr>
      <th scope="row">{minuteText(openTime)}</th>
      <td data-name="O">{priceText(candle.open, decimals)}</td>
      <td data-name="H">{priceText(candle.high, decimals)}</td>
      <td data-name="L">{priceText(candle.low, decimals)}</td>
      <td data-name="C" class="cell-close">{priceText(candle.close, decimals)}</td>
      <td class={`cell-delta ${change < 0 ? "down" : "up"}`}>{deltaText(change)}</td>
      <td data-name="Vol" class="cell-volume">{numberText(volume, volumeDecimals)}</td>
      <td class="cell-wide">{numberText(candle.trades, 0)}</td>
      <td class="cell-wide">{volume > 0 ? shareText(takerBuy / volume) : "–"}</td>
      <td class="cell-origin">{origin && provenanceText(origin, endOf(openTime, interval))}</td>
    </tr>
  );
}

function HoleLine({ hole }: { readonly hole: Hole }) {
  return (
    <tr class={`hole-row hole-${hole.class}`}>
      <td colSpan={10}>
        <b>{hole.missing} {hole.missing === 1 ? "candle" : "candles"} missing</b>,{" "}
        {minuteText(hole.from)} to {minuteText(hole.to)}: {HOLE_REASON[hole.class]}
      </td>
    </tr>
  );
}
