import { MINUTE_MS, SECOND_MS } from "../../../lib/core/time.ts";
import { priceLegs } from "./price_legs.ts";
import type { Random } from "./random.ts";
import { shares } from "./shares.ts";
import type { Slot } from "./slots.ts";
import { quietCandle, type Slots, type TickCandle } from "./tick_candle.ts";
import { type SplitRules, spreadVolume } from "./volume_spread.ts";

/** Minimum number of trades in a candle with trades, enough for four different prices. */
export const MIN_TRADES = 4;

/**
 * An hour has 64 lots per trade and a margin of a quarter of the range; its minutes 8 and an
 * eighth.
 */
export const MINUTE_RULES: SplitRules = { step: MINUTE_MS, lotsPerTrade: 8, margin: 1 / 8 };

export const SECOND_RULES: SplitRules = { step: SECOND_MS, lotsPerTrade: 1, margin: 0 };

/**
 * Divides a candle into shorter ones whose aggregation is exactly the candle: first open, last
 * close, highest high, lowest low, and sums of volume, value and trades.
 */
export function split(
  parent: TickCandle,
  slots: readonly Slot[],
  rules: SplitRules,
  random: Random,
): Slots {
  const busy = pickBusy(parent, slots, random);
  const children: (TickCandle | undefined)[] = [];
  if (busy.length > 0) {
    for (const [i, child] of busyChildren(parent, busy, rules, random).entries()) {
      children[busy[i]!.index] = child;
    }
  }
  let price = parent.open;
  for (const slot of slots) {
    const time = parent.time + slot.index * rules.step;
    const child = children[slot.index] ??= quietCandle(time, price);
    price = child.close;
  }
  return children;
}

/** The slots with trades: all, or as many as there are trades for. */
function pickBusy(parent: TickCandle, slots: readonly Slot[], random: Random): Slot[] {
  const open = slots.filter((slot) => slot.seconds > 0);
  let wanted = Math.min(open.length, Math.floor(parent.trades / MIN_TRADES));
  if (wanted === open.length) return open;
  let left = open.length;
  return open.filter((_, i) => {
    const isPicked = random.below(left--) < wanted || i === 0 && parent.jumps;
    if (isPicked) wanted--;
    return isPicked;
  });
}

function busyChildren(
  parent: TickCandle,
  busy: readonly Slot[],
  rules: SplitRules,
  random: Random,
): TickCandle[] {
  const activity = busy.map(({ seconds }) => seconds * (0.3 + random.next() + random.next()));
  const trades = shares(parent.trades - MIN_TRADES * busy.length, activity)
    .map((more) => MIN_TRADES + more);
  const legs = priceLegs(parent, busy, random);
  const spread = spreadVolume(parent, legs, { trades, activity, rules });
  return legs.map((leg, i) => ({
    time: parent.time + busy[i]!.index * rules.step,
    open: leg.open,
    high: leg.high,
    low: leg.low,
    close: leg.close,
    volume: spread.volumes[i]!,
    quote: spread.quotes[i]!,
    trades: trades[i]!,
    buys: parent.buys,
    jumps: leg.jumps,
  }));
}
