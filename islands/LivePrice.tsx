import { page } from "../lib/chart/session/page_signals.ts";
import type { Quote } from "../lib/chart/model/view_facts.ts";
import { HeadlinePrice, ListPrice } from "../lib/pages/charts/QuotedPrice.tsx";
import { minuteText } from "../lib/core/text/time_text.ts";

export interface LivePriceProps {
  /** As the page came with it. */
  readonly quote: Quote;
  /** True if it is in the headline instead of the symbol list. */
  readonly isHeadline?: boolean;
  readonly isStale?: boolean;
}

/** Price of the symbol shown: that of the open candle, else the newest close. */
export default function LivePrice({ quote: served, isHeadline, isStale = false }: LivePriceProps) {
  const quote = page.facts.value?.quote ?? served;
  const moving = page.moving.value;
  const newest = moving ?? page.newest.value;
  const price = { ...quote, last: newest?.close ?? quote.last };
  if (!isHeadline) return <ListPrice quote={price} isStale={isStale && newest === undefined} />;
  const opened = minuteText(newest?.openTime ?? quote.lastOpenTime);
  return (
    <HeadlinePrice
      quote={price}
      title={`${moving ? "Price" : "Close"} of the candle that opened ${opened} UTC`}
    />
  );
}
