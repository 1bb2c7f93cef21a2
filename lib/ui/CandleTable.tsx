import { type Candle, changeOf } from "../chart/candle.ts";
import { type Hole, HOLE_REASON } from "../chart/hole.ts";
import { deltaText, numberText, priceText, shareText } from "../chart/number_text.ts";
import { minuteText } from "../chart/time_text.ts";
import type { ChartView } from "../chart/chart_view.ts";
import { type CandleRow, toCandleRows } from "./candle_rows.ts";

/** Candles in the table. */
const ROWS = 50;

export interface CandleTableProps {
  readonly view: ChartView;
  readonly pair: string;
  readonly baseAsset: string;
}

export function CandleTable({ view, pair, baseAsset }: CandleTableProps) {
  const rows = toCandleRows(view.candles, view.holes, ROWS);
  const count = Math.min(ROWS, view.candles.length);
  return (
    <section class="card candles" id="table" aria-labelledby="table-title">
      <header class="card-head">
        <h2 id="table-title">Candles</h2>
        <p>newest first, {count} of {numberText(view.candles.length, 0)}</p>
      </header>
      <div class="table-scroll">
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
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => <Row key={keyOf(row)} row={row} view={view} />)}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function keyOf(row: CandleRow): string {
  return row.kind === "candle" ? `${row.candle.openTime}` : `hole ${row.hole.from}`;
}

function Row({ row, view }: { readonly row: CandleRow; readonly view: ChartView }) {
  return row.kind === "candle"
    ? <CandleLine candle={row.candle} view={view} />
    : <HoleLine hole={row.hole} />;
}

function CandleLine({ candle, view }: { readonly candle: Candle; readonly view: ChartView }) {
  const change = changeOf(candle);
  const { volume, takerBuy } = candle;
  const { decimals, volumeDecimals } = view;
  return (
    <tr>
      <th scope="row">{minuteText(candle.openTime)}</th>
      <td data-name="O">{priceText(candle.open, decimals)}</td>
      <td data-name="H">{priceText(candle.high, decimals)}</td>
      <td data-name="L">{priceText(candle.low, decimals)}</td>
      <td data-name="C" class="cell-close">{priceText(candle.close, decimals)}</td>
      <td class={`cell-delta ${change < 0 ? "down" : "up"}`}>{deltaText(change)}</td>
      <td data-name="Vol" class="cell-volume">{numberText(volume, volumeDecimals)}</td>
      <td class="cell-wide">{numberText(candle.trades, 0)}</td>
      <td class="cell-wide">{volume > 0 ? shareText(takerBuy / volume) : "–"}</td>
    </tr>
  );
}

function HoleLine({ hole }: { readonly hole: Hole }) {
  return (
    <tr class={`hole-row hole-${hole.class}`}>
      <td colSpan={9}>
        <b>{hole.missing} {hole.missing === 1 ? "candle" : "candles"} missing</b>,{" "}
        {minuteText(hole.from)} to {minuteText(hole.to)}: {HOLE_REASON[hole.class]}
      </td>
    </tr>
  );
}
