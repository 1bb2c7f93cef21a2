import type { EpochMs } from "../../core/time.ts";
import type { Candle } from "./candle.ts";

/** A point of the volume's outline, valid halfway to its neighbours. */
export interface VolumeStep {
  readonly time: EpochMs;
  readonly volume: number;
}

/** Distance in steps above which two bars have a gap between them. */
export const GAP_STEPS = 1.5;

/** The volume of `bars`, ascending and `stepMs` apart, as one outline that is 0 in gaps. */
export function toVolumeSteps(bars: readonly Candle[], stepMs: number): VolumeStep[] {
  const steps: VolumeStep[] = [];
  const none = (time: EpochMs) => steps.push({ time, volume: 0 });
  bars.forEach(({ openTime, volume }, i) => {
    const last = bars[i - 1]?.openTime;
    if (last === undefined) none(openTime - stepMs);
    else if (openTime - last > GAP_STEPS * stepMs) {
      none(Math.min(last + stepMs, (last + openTime) / 2));
      none(Math.max(openTime - stepMs, (last + openTime) / 2));
    }
    steps.push({ time: openTime, volume: volume || 0 });
  });
  const end = bars.at(-1);
  if (end) none(end.openTime + stepMs);
  return steps;
}
