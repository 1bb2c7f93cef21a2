import type { ComponentChildren } from "preact";
import { type Candle, changeOf } from "../../chart/model/candle.ts";
import { compactText, deltaText, exactText, priceText } from "../../core/number_text.ts";
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
  /** Where the candles come from; none of what has come in since the page was made. */
  readonly spans: readonly ProvenanceSpan[];
  /** Whether it still moves. */
  readonly isOpen?: boolean;
  /** Clock that its time is told by. */
  readonly zone?: Zone;
}

/** One candle in figures. */
export function CandleReadout(props: CandleReadoutProps) {
  const { candle, decimals, baseAsset, interval, spans, isOpen = false, zone = UTC } = props;
  const origin = isOpen ? undefined : findOrigin(spans, candle.openTime);
  const change = changeOf(candle);
  return (
    <div class="readout">
      <time class="readout-time" dateTime={toIso(candle.openTime)}>
        {zonedText(candle.openTime, zone)}
        {isOpen && <i>open</i>}
      </time>
      <dl>
        <Figure name="O" title="Open">{priceText(candle.open, decimals)}</Figure>
        <Figure name="H" title="High">{priceText(candle.high, decimals)}</Figure>
        <Figure name="L" title="Low">{priceText(candle.low, decimals)}</Figure>
        <Figure name="C" title="Close">{priceText(candle.close, decimals)}</Figure>
        <Figure name="Δ" title="Open to close" tone={change < 0 ? "down" : "up"}>
          {deltaText(change)}
        </Figure>
        <Figure name="Vol" title={`Volume: ${exactText(candle.volume)} ${baseAsset}`}>
          {`${compactText(candle.volume)} ${baseAsset}`}
        </Figure>
      </dl>
      {/* Always there: its line must not come and go. */}
      <p class="readout-origin">
        {isOpen
          ? "Open: stored once it has closed"
          : `Closed. ${origin ? provenanceText(origin, endOf(candle.openTime, interval)) : ""}`}
      </p>
    </div>
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
