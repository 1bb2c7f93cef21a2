import type { Random } from "./random.ts";
import type { Slot } from "./slots.ts";
import type { TickCandle } from "./tick_candle.ts";

/** The prices of one child, in ticks. */
export interface Leg {
  open: number;
  high: number;
  low: number;
  close: number;
  readonly jumps: boolean;
}

/**
 * A path from the parent's open to its close, one leg for each slot, within the parent's range. One
 * leg reaches its high, one its low.
 */
export function priceLegs(parent: TickCandle, slots: readonly Slot[], random: Random): Leg[] {
  const { high, low } = parent;
  const step = (high - low) / (1.6 * Math.sqrt(slots.length));
  const path = bridge(parent, slots.length, step, random);
  // In a narrow range, jumps could take all of it, and leave none to the legs.
  const isWide = high - low > 2 * slots.length;
  const legs = slots.map(({ hasStub }, i): Leg => {
    const last = path[i]!;
    const mayJump = isWide && i > 0 && !hasStub;
    const open = mayJump ? clamp(last + jump(random), low, high) : last;
    const close = path[i + 1]!;
    const up = Math.round(step * random.next() * random.next());
    const down = Math.round(step * random.next() * random.next());
    return {
      open,
      high: Math.min(high, Math.max(open, close) + up),
      low: Math.max(low, Math.min(open, close) - down),
      close,
      jumps: i === 0 ? parent.jumps : open !== last,
    };
  });
  // The first of the highest legs reaches the high, the first of the lowest the low.
  const top = Math.max(...legs.map((leg) => leg.high));
  const bottom = Math.min(...legs.map((leg) => leg.low));
  legs.find((leg) => leg.high === top)!.high = high;
  legs.find((leg) => leg.low === bottom)!.low = low;
  return legs;
}

/**
 * Prices at the borders of the legs: a random walk, adjusted so that it ends at the close and stays
 * around the parent's average price.
 */
function bridge(parent: TickCandle, legs: number, step: number, random: Random): number[] {
  const walk = [0];
  for (let i = 0; i < legs; i++) walk.push(walk[i]! + random.bell() * (0.5 + random.next()));
  const end = walk[legs]!;
  const path = walk.map((at, i) => {
    const straight = parent.open + (parent.close - parent.open) * (i / legs);
    return straight + step * (at - end * (i / legs));
  });
  const off = parent.quote / parent.volume - path.reduce((sum, price) => sum + price) / (legs + 1);
  return path.map((price, i) => {
    if (i === 0) return parent.open;
    if (i === legs) return parent.close;
    const bump = 6 * off * (i / legs) * (1 - i / legs);
    return reflect(Math.round(price + bump), parent.low, parent.high);
  });
}

function reflect(price: number, low: number, high: number): number {
  if (price > high) return Math.max(low, 2 * high - price);
  if (price < low) return Math.min(high, 2 * low - price);
  return price;
}

function clamp(price: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, price));
}

/** Half of the time, the next trade is a tick away from the last one. */
export function jump(random: Random): number {
  const draw = random.below(4);
  return draw === 0 ? 1 : draw === 1 ? -1 : 0;
}
