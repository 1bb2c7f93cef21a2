import type { ComponentChildren } from "preact";
import type { EpochMs } from "../../core/time.ts";
import { type CapSlice, capTitle, type CapView, NO_COINS } from "../components/cap_view.ts";
import { CapSource } from "../components/CapSource.tsx";
import { Donut } from "../components/Donut.tsx";
import { PieCentre } from "../components/PieCentre.tsx";
import { DonutLabels } from "./DonutLabels.tsx";
import type { QuoteRate } from "../../marketcap/quote_rate.ts";
import { utcText } from "../../core/text/time_text.ts";
import { priceText } from "../../core/text/number_text.ts";
import type { MarketsAddress } from "./markets_href.ts";
import { ShareBars } from "./ShareBars.tsx";
import { ShareTreemap } from "./ShareTreemap.tsx";

export interface ShareCardProps {
  readonly kind: MarketsAddress["view"];
  readonly view: CapView;
  readonly rate: QuoteRate;
  readonly now: EpochMs;
  /** The highlighted coin. */
  readonly pointed: CapSlice | undefined;
  /** True if `children`, drawn by script, replaces the ring. */
  readonly isDrawn: boolean;
  readonly children: ComponentChildren;
}

/** Shares of the coins in their sum; the table has the values. */
export function ShareCard({ kind, view, rate, now, pointed, isDrawn, children }: ShareCardProps) {
  const title = capTitle(view);
  return (
    <section class={`card share share-${kind}`} aria-labelledby="share-title">
      <header class="card-head">
        <h2 id="share-title">{title.charAt(0).toUpperCase() + title.slice(1)}</h2>
        {view.slices.length > 0 && <p>not of the whole market</p>}
      </header>
      <div class="share-body">
        {view.slices.length === 0
          ? (
            <p class="nothing">
              {view.missing.length === 0 ? NO_COINS : "No market-cap provider has responded yet."}
            </p>
          )
          : kind === "bars"
          ? <ShareBars view={view} pointed={pointed} />
          : kind === "treemap"
          ? <ShareTreemap view={view} pointed={pointed} />
          : (
            <div class="pie pie-large" data-ready={isDrawn ? "" : undefined}>
              <Donut view={view} />
              {children}
              <DonutLabels view={view} pointed={pointed} />
              <PieCentre view={view} pointed={pointed} />
            </div>
          )}
      </div>
      <p class="formula">
        {rateText(rate)}Market cap = price × circulating supply, both from the provider. USDT and
        other dollar stablecoins count as USD. If the provider has no value for a coin, it is
        derived: last known supply × last stored close. 24 h changes are those of the price in US
        dollars and come from closed Binance spot candles, as do 7 day prices. Slices below
        3&#8239;% are labelled in the table.{view.wrapped.length > 0 &&
          ` Not counted a second time: ${
            view.wrapped.map(({ ticker, wraps }) => `${ticker} (wraps ${wraps})`).join(", ")
          }.`}
      </p>
      <CapSource view={view} now={now} />
    </section>
  );
}

/** The rate of another asset than the US dollar, and its source. */
function rateText({ quote, usd, source, takenAt }: QuoteRate): string {
  if (quote === "USD") return "";
  if (source === undefined || takenAt === undefined) return `1 ${quote} counts as 1 US dollar. `;
  return `Prices and market caps in ${quote}: 1 ${quote} = $${priceText(usd, 4)}, from ` +
    `${PROVIDERS[source] ?? `the closes of ${source}`}, ${utcText(takenAt)}. `;
}

const PROVIDERS: Record<string, string> = {
  coingecko: "CoinGecko",
  coinmarketcap: "CoinMarketCap",
};
