import type { Quote } from "../../chart/model/view_facts.ts";
import { priceText } from "../../core/text/number_text.ts";
import { DayChange } from "../components/DayChange.tsx";
import { SteadyText } from "../components/SteadyText.tsx";

interface QuotedPriceProps {
  readonly quote: Quote;
}

/** The price of the market shown. */
export function HeadlinePrice({ quote, title }: QuotedPriceProps & { readonly title: string }) {
  return (
    <p class="price" title={title}>
      <strong>
        <Price quote={quote} />
      </strong>
      <DayChange value={changeOf(quote)} />
      <span class="quiet">24 h</span>
    </p>
  );
}

/** The price of a market in the list of symbols. */
export function ListPrice({ quote, isStale }: QuotedPriceProps & { readonly isStale: boolean }) {
  return (
    <span class="symbol-price">
      <span>
        <Price quote={quote} />
      </span>
      {isStale
        ? <span class="delta symbol-stale">stale</span>
        : <DayChange value={changeOf(quote)} />}
    </span>
  );
}

function Price({ quote: { last, decimals } }: QuotedPriceProps) {
  return <SteadyText text={priceText(last, decimals)} />;
}

/** Over 24 hours, as a fraction. */
function changeOf({ last, dayAgo }: Quote): number | undefined {
  return dayAgo ? last / dayAgo - 1 : undefined;
}
