import { type Candle, isUp } from "../../../chart/model/candle.ts";
import { type ChartWindow, percent, priceShare, yOf } from "../../../chart/model/chart_window.ts";
import { priceText } from "../../../core/number_text.ts";
import { countdownText } from "../../../core/time_text.ts";
import { endOf, type Interval } from "../../../core/interval.ts";
import type { EpochMs } from "../../../core/time.ts";
import { useServerTime } from "../../components/use_server_time.ts";

export interface MovingPriceTagProps {
  readonly window: ChartWindow;
  readonly moving: Candle;
  readonly interval: Interval;
  readonly decimals: number;
  readonly serverTime: EpochMs;
}

/** The price now, and the time until its candle closes, on the price axis. */
export function MovingPriceTag(props: MovingPriceTagProps) {
  const { window, moving, interval, decimals, serverTime } = props;
  const now = useServerTime(serverTime);
  const y = Math.min(priceShare(window), Math.max(0, yOf(window, moving.close)));
  const left = endOf(moving.openTime, interval) - now.value;
  return (
    <svg class={`tag tag-moving tag-${isUp(moving) ? "up" : "down"}`} y={percent(y)}>
      <rect y="-10" width="100%" height="34" />
      <text x="9" dy=".35em">{priceText(moving.close, decimals)}</text>
      <text class="countdown" x="9" y="15" dy=".35em">{countdownText(left)}</text>
    </svg>
  );
}
