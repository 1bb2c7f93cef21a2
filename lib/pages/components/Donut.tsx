import { DONUT_RADIUS, toDonut } from "../../chart/model/donut_arcs.ts";
import { moneyText, shareText } from "../../core/text/number_text.ts";
import type { CapView } from "./cap_view.ts";

/** Space for emphasised slices. */
const EDGE = DONUT_RADIUS + 4;

/** The market caps as a ring; the legend has the values. */
export function Donut({ view }: { readonly view: CapView }) {
  const paths = toDonut(view.slices.map(({ share }) => share));
  return (
    <svg class="donut" viewBox={`${-EDGE} ${-EDGE} ${2 * EDGE} ${2 * EDGE}`} aria-hidden="true">
      {view.slices.map(({ id, ticker, colour, share, row }, i) => (
        <path key={id} class={`coin-${colour}`} d={paths[i]}>
          {/* With a key, because Fresh would take a title without one for the page's title. */}
          <title key={`slice-${id}`}>
            {ticker} {moneyText(row.market_cap, view.quote)}, {shareText(share)}
          </title>
        </path>
      ))}
    </svg>
  );
}
