import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../core/time.ts";
import { numberText } from "../../core/text/number_text.ts";
import { clockText, dayText, monthText } from "../../core/text/time_text.ts";

export interface PriceTick {
  readonly value: number;
  readonly text: string;
}

export interface TimeTick {
  readonly value: EpochMs;
  readonly text: string;
  /** True if the tick starts a day among hours, or a year among months. */
  readonly isMajor: boolean;
}

/** Prices on an axis, at most; only the tallest plots have more. */
export const PRICE_TICKS = 8;

/** Below this ratio of its ends, a logarithmic range is labelled with evenly spaced prices. */
const STEEP = 4;

/**
 * Round prices for a window, evenly spaced on its scale. Ticks too close to an end, where their
 * labels would be cut off, are left out. `steepTicks` are those of a steep logarithmic scale, which
 * browsers load when needed.
 */
export function windowTicks(
  { low, high, isLog }: { readonly low: number; readonly high: number; readonly isLog: boolean },
  count?: number,
  steepTicks: typeof priceTicks = priceTicks,
): PriceTick[] {
  const isSteep = isLog && high / low >= STEEP;
  const ticks = (isSteep ? steepTicks : priceTicks)(low, high, count);
  const scale = isLog ? Math.log : Number;
  const [bottom, height] = [scale(low), scale(high) - scale(low)];
  return ticks.filter(({ value }) => {
    const share = (scale(value) - bottom) / height;
    return share > PRICE_EDGE && share < 1 - PRICE_EDGE;
  });
}

/** Round prices strictly inside `low` to `high`, about `count` of them. */
export function priceTicks(low: number, high: number, count = PRICE_TICKS): PriceTick[] {
  const step = roundStep((high - low) / count);
  const power = Math.floor(Math.log10(step) + 1e-9);
  const decimals = Math.min(20, Math.max(0, (isQuarter(step) ? 1 : 0) - power));
  const ticks: PriceTick[] = [];
  for (let i = Math.ceil(low / step); i * step < high; i++) {
    const value = Number((i * step).toFixed(decimals));
    if (value < 0) continue;
    ticks.push({ value, text: numberText(value, decimals) });
  }
  return ticks;
}

/** 1, 2, 2.5 or 5 times a power of ten, near `rough`. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((factor) => factor * power * 1.2 >= rough) ?? 10;
  return factor * power;
}

function isQuarter(step: number): boolean {
  const power = 10 ** Math.floor(Math.log10(step) + 1e-9);
  return Math.abs(step / power - 2.5) < 1e-6;
}

const STEPS = [
  ...[1, 5, 15, 30].map((n) => n * SECOND_MS),
  ...[1, 5, 15, 30].map((n) => n * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR_MS),
  ...[1, 2, 3, 7].map((n) => n * DAY_MS),
];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60];
const PRICE_EDGE = 0.02;
/** Share of the time axis at each end that is too narrow for a label. */
const EDGE = { wide: 0.035, narrow: 0.1 } as const;
const MONDAY = 4 * DAY_MS;

/** As `timeTicks`, without ticks too close to an end for their labels. */
export function innerTimeTicks(
  from: EpochMs,
  to: EpochMs,
  count = 14,
  width: keyof typeof EDGE = "wide",
): TimeTick[] {
  const edge = (to - from) * EDGE[width];
  return timeTicks(from, to, count)
    .filter(({ value }) => value > from + edge && value < to - edge);
}

/** At most `count` round UTC times between `from` and `to`. */
export function timeTicks(from: EpochMs, to: EpochMs, count = 14): TimeTick[] {
  const step = STEPS.find((step) => (to - from) / step <= count);
  if (step === undefined) return monthTicks(from, to, count);
  const origin = step === 7 * DAY_MS ? MONDAY : 0;
  const ticks: TimeTick[] = [];
  for (let i = Math.ceil((from - origin) / step); i * step + origin < to; i++) {
    const value = i * step + origin;
    const isDay = value % DAY_MS === 0;
    const text = isDay ? dayText(value) : clockText(value) + secondsText(value, step);
    ticks.push({ value, text, isMajor: isDay && step < DAY_MS });
  }
  return ticks;
}

function monthTicks(from: EpochMs, to: EpochMs, count: number): TimeTick[] {
  const months = (to - from) / (30.4375 * DAY_MS);
  const step = MONTH_STEPS.find((step) => months / step <= count) ?? 120;
  const start = new Date(from);
  const first = start.getUTCFullYear() * 12 + start.getUTCMonth();
  const ticks: TimeTick[] = [];
  for (let month = Math.ceil(first / step) * step;; month += step) {
    const value = Date.UTC(Math.floor(month / 12), month % 12);
    if (value >= to) return ticks;
    const isYear = month % 12 === 0;
    const text = isYear ? String(month / 12) : monthText(value);
    if (value >= from) ticks.push({ value, text, isMajor: isYear && step < 12 });
  }
}

function secondsText(time: EpochMs, step: number): string {
  if (step >= MINUTE_MS) return "";
  return `:${String(Math.floor(time % MINUTE_MS / SECOND_MS)).padStart(2, "0")}`;
}
