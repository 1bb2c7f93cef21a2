import { useMemo } from "preact/hooks";
import { page } from "../lib/chart/session/page_signals.ts";
import { barsIn } from "../lib/chart/session/shown_range.ts";
import { CandleReadout, type CandleReadoutProps } from "../lib/pages/charts/CandleReadout.tsx";
import { parseSpans } from "../lib/pages/charts/provenance.ts";

/** The candle under the cursor, otherwise the open one, otherwise the newest one in view. */
export default function LiveReadout(props: CandleReadoutProps) {
  const view = page.view.value;
  const moving = page.moving.value;
  const newest = (view && barsIn(view).at(-1)) ?? props.candle;
  const pointed = page.pointed.value ?? moving ?? newest;
  const isOpen = moving?.openTime === pointed.openTime;
  const interval = view?.interval ?? props.interval;
  const facts = page.facts.value;
  const spans = useMemo(() => facts ? parseSpans(facts.spans) : props.spans, [facts]);
  const isOne = (view?.perBar ?? 1) === 1 && (facts?.interval ?? props.interval) === interval;
  return (
    <CandleReadout
      {...props}
      interval={interval}
      isOpen={isOpen}
      candle={isOpen ? moving! : pointed}
      spans={isOne ? spans : []}
      zone={page.zone.value}
    />
  );
}
