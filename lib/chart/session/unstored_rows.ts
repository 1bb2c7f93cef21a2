import { type Candle, changeOf } from "../model/candle.ts";
import { candleTexts } from "../model/candle_texts.ts";
import type { KlineView } from "../plotly/kline_chart.ts";
import { isInUse } from "./page_refresh.ts";
import { write } from "./price_in_page.ts";

const CLOSED = "closed: not stored yet";

/** Writes the candle that moves on the row that the table keeps for it. */
export function tellMoving(candle: Candle | undefined): void {
  const row = document.querySelector<HTMLTableRowElement>("#table-open tr");
  if (row && candle) fill(row, candle);
}

/**
 * Puts candles that have closed since the table was made at its top; a table that does not reach
 * the newest one is left alone. The table stays as long as it is where it has more pages.
 */
export function tellClosed({ bars, interval }: KlineView): void {
  const table = document.getElementById("table-rows") as HTMLTableSectionElement | null;
  if (table?.dataset.interval !== interval || !document.querySelector("#table-open tr")) return;
  const newest = Number(table.dataset.newest);
  const closed = bars.filter(({ openTime }) => openTime > newest);
  if (closed.length === 0 || isInUse(table)) return;
  const next = table.cloneNode(true) as HTMLTableSectionElement;
  const length = next.rows.length;
  for (const row of [...next.querySelectorAll(".row-closed")]) row.remove();
  const model = next.querySelector<HTMLTableRowElement>("tr:not(.gap-row)");
  if (model === null) return;
  for (const candle of closed) {
    const row = model.cloneNode(true) as HTMLTableRowElement;
    row.className = "row-closed";
    fill(row, candle);
    row.cells[row.cells.length - 1]!.textContent = CLOSED;
    next.prepend(row);
  }
  const hasMore = document.querySelector("#table-pages [rel=next]") !== null;
  while (hasMore && next.rows.length > length) next.deleteRow(-1);
  // Rows that are new have not moved: a table that grew at its top would shift all of them.
  if (!table.isEqualNode(next)) table.replaceWith(next);
}

function fill(row: HTMLTableRowElement, candle: Candle): void {
  const table = document.getElementById("table-rows")!;
  const [decimals = 0, volumeDecimals = 0] = table.dataset.decimals!.split(",").map(Number);
  const texts = candleTexts(candle, { decimals, volumeDecimals });
  Object.values(texts).forEach((text, i) => write(row.cells[i]!, text));
  const tone = changeOf(candle) < 0 ? "down" : "up";
  row.querySelector(".cell-delta")!.className = `cell-delta ${tone}`;
}
