import { page } from "../lib/chart/page_signals.ts";
import { CandleReadout, type CandleReadoutProps } from "../lib/ui/CandleReadout.tsx";

/** The candle under the cursor, else the one that moves, else the newest one. */
export default function LiveReadout(props: CandleReadoutProps) {
  const moving = page.moving.value;
  const pointed = page.pointed.value ?? moving ?? page.newest.value ?? props.candle;
  const isOpen = moving?.openTime === pointed.openTime;
  return (
    <CandleReadout
      {...props}
      candle={isOpen ? moving! : pointed}
      isOpen={isOpen}
      zone={page.zone.value}
    />
  );
}
