import type { ComponentChildren } from "preact";
import { type Candle, changeOf, drawnOf } from "../../chart/model/candle.ts";
import { compactText, deltaText, exactText, priceText } from "../../core/text/number_text.ts";
import { UTC, type Zone, zonedText } from "../../chart/model/zone.ts";
import { endOf, type Interval } from "../../core/interval.ts";
import { toIso } from "../../core/time.ts";
import { findOrigin, type ProvenanceSpan, provenanceText } from "./provenance.ts";

export interface CandleReadoutProps {
  readonly candle: Candle;
  readonly decimals: number;
  /** `BTC`, the unit of the volume. */
  readonly baseAsset: string;
  readonly interval: Interval;
  /** Name of the drawn prices where they are shown instead of the exchange's. */
  readonly drawnName?: string | undefined;
  /** Origin of the candle; unset for candles that arrived after the page was rendered. */
  readonly spans: readonly ProvenanceSpan[];
  /** True if the candle is open. */
  readonly isOpen?: boolean;
  /** Time zone of its time. */
  readonly zone?: Zone;
}

/** The values of one candle. */
export function CandleReadout(props: CandleReadoutProps) {
  const { candle, decimals, baseAsset, interval, spans, isOpen = false, zone = UTC } = props;
  const { drawnName } = props;
  const prices = drawnName ? drawnOf(candle) : candle;
  const origin = isOpen ? undefined : findOrigin(spans, candle.openTime);
  const change = changeOf(prices);
  return (
    <>
      <div class="readout">
        <time class="readout-time" dateTime={toIso(candle.openTime)}>
          {zonedText(candle.openTime, zone)}
          {drawnName && <i>{drawnName}</i>}
          {isOpen && <i>open</i>}
        </time>
        <dl class="readout-prices">
          <Figure name="O" title="Open">{priceText(prices.open, decimals)}</Figure>
          <Figure name="H" title="High">{priceText(prices.high, decimals)}</Figure>
          <Figure name="L" title="Low">{priceText(prices.low, decimals)}</Figure>
          <Figure name="C" title="Close">{priceText(prices.close, decimals)}</Figure>
        </dl>
        <dl>
          <Figure name="Δ" title="Open to close" tone={change < 0 ? "down" : "up"}>
            {deltaText(change)}
          </Figure>
          <Figure name="Vol" title={`Volume: ${exactText(candle.volume)} ${baseAsset}`}>
            {`${compactText(candle.volume)} ${baseAsset}`}
          </Figure>
        </dl>
      </div>
      {/* Always rendered, so that its line does not appear and disappear. */}
      <p class="readout-origin">
        {isOpen
          ? "Open: stored once it has closed"
          : `${candle.isImported ? "Imported, not from the exchange" : "Closed"}. ${
            origin ? provenanceText(origin, endOf(candle.openTime, interval)) : ""
          }`}
      </p>
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly title: string;
  readonly tone?: "up" | "down";
  readonly children: ComponentChildren;
}

function Figure({ name, title, tone, children }: FigureProps) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd class={tone}>{children}</dd>
    </div>
  );
}
