import { type EpochMs, SECOND_MS, type TimeRange } from "../../../lib/core/time.ts";

/** A part of a longer candle that contains a candle. */
export interface Slot {
  /** Index of the part, from 0. */
  readonly index: number;
  /** Seconds of trading in it; 0 if there is only an outage stub. */
  readonly seconds: number;
  readonly hasStub: boolean;
}

interface Calendar {
  activeSeconds(range: TimeRange): number;
  hasStub(range: TimeRange): boolean;
}

/** The parts of candles without interruption, which nearly all are; shared. */
const FULL = new Map<number, readonly Slot[]>();

/** The parts, of `count` parts of `step` ms, that contain a candle. */
export function slotsOf(
  from: EpochMs,
  step: number,
  count: number,
  calendar: Calendar,
): readonly Slot[] {
  const whole = { from, to: from + step * count };
  const hasStubs = calendar.hasStub(whole);
  if (!hasStubs && calendar.activeSeconds(whole) === step * count / SECOND_MS) {
    return fullSlots(step, count);
  }
  const slots: Slot[] = [];
  for (let index = 0; index < count; index++) {
    const part = { from: from + index * step, to: from + (index + 1) * step };
    const seconds = calendar.activeSeconds(part);
    const hasStub = hasStubs && calendar.hasStub(part);
    if (seconds > 0 || hasStub) slots.push({ index, seconds, hasStub });
  }
  return slots;
}

function fullSlots(step: number, count: number): readonly Slot[] {
  const known = FULL.get(step);
  if (known !== undefined) return known;
  const seconds = step / SECOND_MS;
  const slots = Array.from({ length: count }, (_, index) => ({ index, seconds, hasStub: false }));
  FULL.set(step, slots);
  return slots;
}
