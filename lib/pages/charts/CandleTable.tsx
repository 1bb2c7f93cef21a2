import type { ComponentChildren } from "preact";
import type { Candle } from "../../chart/model/candle.ts";
import type { ChartView } from "../../chart/model/chart_view.ts";
import { type ChartGap, GAP_REASON } from "../../chart/model/chart_gap.ts";
import type { MoveHrefs, Quote, ViewFacts } from "../../chart/model/view_facts.ts";
import {
  attribute,
  FACTS,
  livePart,
  TABLE_COUNT,
  TABLE_PAGES,
  TABLE_ROWS,
} from "../../chart/page_names.ts";
import { numberText } from "../../core/text/number_text.ts";
import { minuteText } from "../../core/text/time_text.ts";
import { endOf } from "../../core/interval.ts";
import type { EpochMs } from "../../core/time.ts";
import { CandleCells, OpenRow } from "./CandleCells.tsx";
import { type CandlePage, type CandleRow, toCandlePage } from "./candle_rows.ts";
import type { ChartAddress } from "../../core/chart_address.ts";
import { chartHref } from "../components/href.ts";
import { findOrigin, type ProvenanceSpan, provenanceText, spansText } from "./provenance.ts";
import { digitsClass } from "../components/price_digits.ts";

/** Candles per page. */
const SIZE = 20;

export interface CandleTableProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  readonly view: ChartView;
  readonly pair: string;
  readonly baseAsset: string;
  readonly spans: readonly ProvenanceSpan[];
  /** Open time of the open candle, if it follows those in view. */
  readonly moving: EpochMs | undefined;
  /** Says when the table is of an earlier view. */
  readonly state: ComponentChildren;
  readonly moves: MoveHrefs;
  /** Of the symbol. */
  readonly quote: Quote | undefined;
  /** Draws the rows of candles that are not stored, around the row of the open candle. */
  readonly newestRows: (openRow: ComponentChildren) => ComponentChildren;
}

/** Table of the candles in view, newest first, each with its origin. */
export function CandleTable(props: CandleTableProps) {
  const { basePath, address, view, pair, baseAsset, newestRows } = props;
  const paged = toCandlePage(view.candles, view.gaps, { wanted: address.page ?? 1, size: SIZE });
  const { rows, first, last, page } = paged;
  const opens = page === 1 ? props.moving : undefined;
  return (
    <section
      class={`card candles ${digitsClass(view)}`}
      id="table"
      aria-labelledby="table-title"
    >
      <header class="card-head">
        <h2 id="table-title">Candles</h2>
        <p {...livePart(TABLE_COUNT)}>
          newest first, {numberText(first, 0)} to {numberText(last, 0)} of{" "}
          {numberText(view.candles.length, 0)}
        </p>
        {props.state}
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
              <th scope="col">Provenance</th>
            </tr>
          </thead>
          {newestRows(opens !== undefined && <OpenRow openTime={opens} decimals={view} />)}
          <tbody
            {...livePart(TABLE_ROWS)}
            {...attribute(FACTS, JSON.stringify(factsOf(props, opens)))}
          >
            {rows.map((row) => <Row key={keyOf(row)} row={row} {...props} />)}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function factsOf(props: CandleTableProps, opens: EpochMs | undefined): ViewFacts {
  const { view: { interval, candles, decimals, volumeDecimals }, spans, moves, quote } = props;
  return {
    interval,
    newest: candles.at(-1)!.openTime,
    opens,
    decimals,
    volumeDecimals,
    spans: spansText(spans),
    moves,
    quote,
  };
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
  const cells = <CandleCells candle={candle} decimals={view} />;
  if (candle.isImported) {
    return (
      <tr class="row-imported">
        {cells}
        <td>imported, not from the exchange</td>
      </tr>
    );
  }
  const origin = findOrigin(spans, candle.openTime);
  return (
    <tr>
      {cells}
      <td>{origin && provenanceText(origin, endOf(candle.openTime, view.interval))}</td>
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

/** Links to newer and older pages of the table; hidden when there is only one page. */
function TablePages({ basePath, address, paged: { page, pages } }: TablePagesProps) {
  const href = (to: number) => `${chartHref(basePath, { ...address, page: to })}#table`;
  return (
    <nav
      class="table-pages"
      {...livePart(TABLE_PAGES)}
      hidden={pages === 1}
      aria-label="Pages of the table"
    >
      {page > 1 && <a href={href(page - 1)} rel="prev">Newer</a>}
      <span>page {page} of {pages}</span>
      {page < pages && <a href={href(page + 1)} rel="next">Older</a>}
    </nav>
  );
}
