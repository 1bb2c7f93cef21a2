import { DONUT_RADIUS, toDonut } from "../../chart/model/donut_arcs.ts";
import { moneyText, shareText } from "../../core/number_text.ts";
import type { CapView } from "./cap_view.ts";

/** Room for slices that are emphasised. */
const EDGE = DONUT_RADIUS + 4;

/** The market caps as a ring; the legend beside it has the figures. */
export function Donut({ view }: { readonly view: CapView }) {
  const paths = toDonut(view.slices.map(({ share }) => share));
  return (
    <svg class="donut" viewBox={`${-EDGE} ${-EDGE} ${2 * EDGE} ${2 * EDGE}`} aria-hidden="true">
      {view.slices.map(({ id, ticker, colour, share, row }, i) => (
        <path key={id} class={`coin-${colour}`} d={paths[i]}>
          {/* A key: without one, Fresh takes it for the page's title. */}
          <title key={`slice-${id}`}>
            {ticker} {moneyText(row.market_cap)}, {shareText(share)}
          </title>
        </path>
      ))}
    </svg>
  );
}
