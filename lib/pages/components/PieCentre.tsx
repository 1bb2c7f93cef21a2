import { moneyText, shareText } from "../../core/text/number_text.ts";
import type { CapSlice, CapView } from "./cap_view.ts";

/** Text in the centre of the ring: the coin under the pointer, otherwise the sum. */
export function PieCentre({ view, pointed }: { view: CapView; pointed: CapSlice | undefined }) {
  return (
    <p class="pie-centre">
      {pointed === undefined
        ? (
          <>
            <strong>{moneyText(view.total, view.quote)}</strong>
            <span>{view.slices.length === 1 ? "one coin" : `${view.slices.length} coins`}</span>
          </>
        )
        : (
          <>
            <strong>{moneyText(pointed.row.market_cap, view.quote)}</strong>
            <span>{pointed.ticker}, {shareText(pointed.share)}</span>
          </>
        )}
    </p>
  );
}
