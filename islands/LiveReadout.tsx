import { newestCandle, pointedCandle } from "../lib/chart/page_signals.ts";
import { CandleReadout, type CandleReadoutProps } from "../lib/ui/CandleReadout.tsx";

/** The candle under the cursor, else the newest one. */
export default function LiveReadout(props: CandleReadoutProps) {
  const candle = pointedCandle.value ?? newestCandle.value ?? props.candle;
  return <CandleReadout {...props} candle={candle} />;
}
