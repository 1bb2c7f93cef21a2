import type { EpochMs } from "../../core/time.ts";
import { GAP_STEPS } from "./volume_steps.ts";

interface TimedBar {
  readonly openTime: EpochMs;
}

/** True if there is a gap between two bars that are otherwise `stepMs` apart. */
export function isApart(last: TimedBar, next: TimedBar, stepMs: number): boolean {
  return next.openTime - last.openTime > GAP_STEPS * stepMs;
}
