import { attribute, COIN } from "../../chart/page_names.ts";
import { moneyText, shareText } from "../../core/text/number_text.ts";
import type { CapSlice, CapView } from "../components/cap_view.ts";

export interface ShareBarsProps {
  readonly view: CapView;
  readonly pointed: CapSlice | undefined;
}

/** One bar per coin, the largest as long as the card: easier to compare than similar slices. */
export function ShareBars({ view, pointed }: ShareBarsProps) {
  const longest = view.slices[0]?.share ?? 1;
  return (
    <ul class="bars">
      <li class="bars-total">
        <b>Total</b>
        <span>{moneyText(view.total, view.quote)}</span>
      </li>
      {view.slices.map(({ id, ticker, colour, share, row }) => (
        <li key={id} class={pointed?.id === id ? "is-pointed" : undefined} {...attribute(COIN, id)}>
          <b>{ticker}</b>
          <svg class="bar" aria-hidden="true">
            <rect class="bar-all" width="100%" height="12" rx="2" />
            <rect
              class={`coin-${colour}`}
              width={`${(share / longest * 100).toFixed(2)}%`}
              height="12"
              rx="2"
            />
          </svg>
          <span title={moneyText(row.market_cap, view.quote)}>{shareText(share)}</span>
        </li>
      ))}
      {view.missing.map((ticker) => (
        <li key={ticker} class="bars-missing">
          <b>{ticker}</b>
          <span>no data</span>
        </li>
      ))}
    </ul>
  );
}
