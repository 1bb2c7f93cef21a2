import { priceText } from "../../core/number_text.ts";
import { minuteText } from "../../core/time_text.ts";
import { DayChange } from "../components/DayChange.tsx";
import type { SymbolRow } from "./symbols/symbol_row.ts";

/** Name of the market and its newest stored price. */
export function PriceHeadline({ row: { base, quote, price } }: { readonly row: SymbolRow }) {
  return (
    <>
      <h1 class="pair">
        {base}
        {quote && <span>/{quote}</span>}
      </h1>
      {price !== undefined && (
        <p
          class="price"
          id="price"
          data-live
          data-price={price.decimals}
          data-day-ago={price.dayAgo}
          title={`Close of the candle that opened ${minuteText(price.lastOpenTime)} UTC`}
        >
          <strong data-last>{priceText(price.last, price.decimals)}</strong>
          <DayChange value={price.dayChange} />
          <span class="quiet">24 h</span>
        </p>
      )}
    </>
  );
}
