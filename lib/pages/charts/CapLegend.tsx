import { moneyText, shareText } from "../../core/number_text.ts";
import type { CapSlice, CapView } from "../components/cap_view.ts";

/** Every coin with its share; market cap and price on asking. */
export function CapLegend({ view, pointed }: { view: CapView; pointed: CapSlice | undefined }) {
  return (
    <ul class="cap-legend">
      {view.slices.map(({ id, ticker, colour, row, share, isDerived }) => (
        <li
          key={id}
          class={pointed?.id === id ? "is-pointed" : undefined}
          title={`${ticker}: ${moneyText(row.market_cap)}`}
        >
          <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
            <rect class={`coin-${colour}`} width="10" height="10" rx="2" />
          </svg>
          <b>{ticker}</b>
          {isDerived && (
            <span class="derived" title="Last known supply × last stored close">⚠ derived</span>
          )}
          <span class="cap-share">{shareText(share)}</span>
        </li>
      ))}
      {view.missing.map((ticker) => (
        <li key={ticker} class="cap-missing">
          <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
            <rect x=".5" y=".5" width="9" height="9" rx="2" />
          </svg>
          <b>{ticker}</b>
          <span class="cap-share">no data</span>
        </li>
      ))}
    </ul>
  );
}
