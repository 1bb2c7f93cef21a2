import { type EpochMs, HOUR_MS } from "../../../lib/core/time.ts";
import type { DayPlan } from "./daily_path.ts";
import { jump } from "./price_legs.ts";
import type { Random } from "./random.ts";
import type { Slot } from "./slots.ts";
import { MIN_TRADES } from "./split.ts";
import { quietCandle, type Slots, type TickCandle } from "./tick_candle.ts";
import { middleOf } from "./volume_spread.ts";

/** Least lots per trade of an hour: see `MINUTE_RULES`. */
const LOTS_PER_TRADE = 64;

/** Keeps price × volume of an hour, times 16 for `buys`, below 2^53. */
const MAX_QUOTE = 5e14;

/** Turnover by hour of the day, UTC: quiet in the early morning, busy when America opens. */
const SEASON = (
  "0.9 0.8 0.75 0.7 0.65 0.65 0.7 0.85 1 1.05 1.05 1 " +
  "1.1 1.35 1.6 1.55 1.4 1.25 1.1 1.05 1 1 0.95 0.95"
).split(" ").map(Number);

/** Factors from turnover to lots and trades. */
export interface Sizes {
  /** Number of tick × lot per unit of the quote asset. */
  readonly lotScale: number;
  /** In units of the quote asset. */
  readonly averageTrade: number;
}

export interface DayDraft {
  readonly from: EpochMs;
  readonly plan: DayPlan;
  readonly slots: readonly Slot[];
}

/** Draws the hours of a day; minutes and seconds are derived from them. */
export function drawHours({ from, plan, slots }: DayDraft, sizes: Sizes, random: Random): Slots {
  const hours: (TickCandle | undefined)[] = [];
  const closes = hourlyCloses(plan, slots, random);
  let last = plan.open;
  let lastIndex: number | undefined;
  for (const [i, slot] of slots.entries()) {
    const close = closes[i]!;
    const isResumed = lastIndex !== undefined && slot.index > lastIndex + 1;
    const time = from + slot.index * HOUR_MS;
    const candle = slot.seconds === 0
      ? quietCandle(time, last)
      : drawHour({ time, slot, plan, last, close, isResumed, isFirst: i === 0 }, sizes, random);
    hours[slot.index] = candle;
    last = candle.close;
    lastIndex = slot.index;
  }
  return hours;
}

/** A random walk through the hours with trading that ends at the day's close. */
function hourlyCloses(plan: DayPlan, slots: readonly Slot[], random: Random): number[] {
  const swing = plan.sigma * plan.open / Math.sqrt(24);
  let walk = 0;
  let weight = 0;
  const points = slots.map(({ seconds }) => {
    if (seconds > 0) {
      const hour = seconds / 3600;
      walk += random.bell() * (0.5 + random.next()) * Math.sqrt(hour);
      weight += hour;
    }
    return { walk, weight };
  });
  return points.map((point) => {
    const done = weight === 0 ? 0 : point.weight / weight;
    if (done === 1) return plan.close;
    const straight = plan.open + (plan.close - plan.open) * done;
    return Math.max(1, Math.round(straight + swing * (point.walk - walk * done)));
  });
}

interface HourDraft {
  readonly time: EpochMs;
  readonly slot: Slot;
  readonly plan: DayPlan;
  readonly last: number;
  readonly close: number;
  readonly isResumed: boolean;
  readonly isFirst: boolean;
}

function drawHour(draft: HourDraft, sizes: Sizes, random: Random): TickCandle {
  const { slot, plan, last, close } = draft;
  const swing = plan.sigma * plan.open / Math.sqrt(24);
  const open = draft.isFirst || slot.hasStub ? last : openOf(draft, swing, random);
  const wild = random.below(150) === 0 ? 4 : 1;
  const high = Math.max(open, close) + Math.round(swing * wild * random.next() * random.next());
  const under = Math.round(swing * wild * random.next() * random.next());
  const low = Math.max(1, Math.min(open, close) - under);
  const restless = Math.min(3, (high - low) / (swing + 1));
  const turnover = plan.turnover / 24 * (slot.seconds / 3600) *
    SEASON[slot.index]! * (0.5 + random.next()) * (0.4 + 0.5 * restless);
  const { volume, trades } = amounts(turnover, high, close, sizes, random);
  const range = (high - low) * volume;
  // Within the middle half of the range: see `MINUTE_RULES`.
  const average = Math.min(0.72, Math.max(0.28, middleOf({ open, high, low, close })));
  return {
    time: draft.time,
    open,
    high,
    low,
    close,
    volume,
    quote: low * volume + Math.floor(range * average),
    trades,
    buys: 5 + random.below(7),
    jumps: open !== last,
  };
}

/** The price may change during an outage; otherwise it changes by at most a tick. */
function openOf({ last, isResumed }: HourDraft, swing: number, random: Random): number {
  const move = isResumed ? Math.round(swing * random.bell()) : jump(random);
  return Math.max(1, last + move);
}

function amounts(
  turnover: number,
  high: number,
  close: number,
  { lotScale, averageTrade }: Sizes,
  random: Random,
): { volume: number; trades: number } {
  const wanted = Math.floor(turnover * lotScale / close);
  const most = Math.floor(MAX_QUOTE / high);
  const volume = Math.max(LOTS_PER_TRADE * MIN_TRADES, Math.min(most, wanted));
  const bySize = Math.floor(turnover / (averageTrade * (0.7 + 0.6 * random.next())));
  const byLots = Math.floor(volume / (LOTS_PER_TRADE * (1 + random.next())));
  return { volume, trades: Math.max(MIN_TRADES, Math.min(bySize, byLots)) };
}
