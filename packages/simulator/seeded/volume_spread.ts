import type { Leg } from "./price_legs.ts";
import { fill, shares } from "./shares.ts";
import type { TickCandle } from "./tick_candle.ts";

/** Conditions on the candles of one level, so that they can be split into the next. */
export interface SplitRules {
  /** Length of a child in ms. */
  readonly step: number;
  /** Each trade moves at least this many lots. */
  readonly lotsPerTrade: number;
  /** Least distance of the average price from high and low, as a share of the range. */
  readonly margin: number;
}

export interface VolumeSpread {
  readonly volumes: readonly number[];
  readonly quotes: readonly number[];
}

/** The parent's trades and activity, already divided. */
interface Weights {
  readonly trades: readonly number[];
  readonly activity: readonly number[];
  readonly rules: SplitRules;
}

/** The least and the greatest value of legs with given volumes, within the margins. */
interface Worth {
  readonly least: number;
  readonly most: number;
}

/**
 * Divides volume and value so that each leg's average price is within its range. Where an even
 * spread cannot reach the parent's average, expensive or cheap legs get more volume; if necessary
 * all of it goes to the leg at the high or low, which suffices because of `SplitRules`.
 */
export function spreadVolume(
  parent: TickCandle,
  legs: readonly Leg[],
  { trades, activity, rules }: Weights,
): VolumeSpread {
  const minimum = trades.map((count) => count * rules.lotsPerTrade);
  const rest = parent.volume - sum(minimum);
  const even = activity.map((weight, i) => weight * (0.4 + rangeOf(legs[i]!, parent)));
  const shortOf = (volumes: readonly number[]) =>
    shortfall(parent.quote, worth(legs, volumes, rules.margin));

  let weights = even;
  let volumes = place({ minimum, rest, weights, moved: 0, target: 0 });
  const short = shortOf(volumes);
  const isUp = short > 0;
  for (let left = short, power = 1; left !== 0 && power <= MAX_POWER; power *= 2) {
    const tilted = tilt(even, legs, parent, isUp ? power : -power);
    const tried = place({ minimum, rest, weights: tilted, moved: 0, target: 0 });
    left = shortOf(tried);
    if (left !== 0 && left > 0 !== isUp) break;
    [weights, volumes] = [tilted, tried];
  }
  if (shortOf(volumes) !== 0) volumes = move({ parent, legs, minimum, rest, weights, rules, isUp });
  return valued(parent, legs, volumes, rules.margin);
}

/** Relative to the parent's range, 0 to 1: legs with larger moves have more volume. */
function rangeOf(leg: Leg, parent: TickCandle): number {
  return parent.high === parent.low ? 1 : (leg.high - leg.low) / (parent.high - parent.low);
}

const MAX_POWER = 16;

/** More weight for expensive legs, or with a negative power for cheap ones. */
function tilt(
  weights: readonly number[],
  legs: readonly Leg[],
  { high, low }: TickCandle,
  power: number,
): number[] {
  return weights.map((weight, i) => {
    const place = ((legs[i]!.high + legs[i]!.low) / 2 - low) / (high - low);
    let factor = power > 0 ? place : 1 - place;
    for (let done = 1; done < Math.abs(power); done *= 2) factor *= factor;
    return weight * (0.02 + factor * Math.abs(power));
  });
}

/** Moves just enough volume to the leg at the high or low. */
function move({ parent, legs, minimum, rest, weights, rules, isUp }: {
  readonly parent: TickCandle;
  readonly legs: readonly Leg[];
  readonly minimum: readonly number[];
  readonly rest: number;
  readonly weights: readonly number[];
  readonly rules: SplitRules;
  readonly isUp: boolean;
}): number[] {
  const target = legs.findIndex((leg) => isUp ? leg.high === parent.high : leg.low === parent.low);
  let tooLittle = 0;
  let tooMuch = rest + 1;
  for (let moved = Math.floor(rest / 32); tooMuch - tooLittle > 1;) {
    const volumes = place({ minimum, rest, weights, moved, target });
    const left = shortfall(parent.quote, worth(legs, volumes, rules.margin));
    if (left === 0) return volumes;
    if (left > 0 === isUp) tooLittle = moved;
    else tooMuch = moved;
    moved = Math.floor((tooLittle + tooMuch) / 2);
  }
  throw new RangeError(`Cannot split candle: ${parent.time} is worth ${parent.quote}`);
}

function place({ minimum, rest, weights, moved, target }: {
  readonly minimum: readonly number[];
  readonly rest: number;
  readonly weights: readonly number[];
  readonly moved: number;
  readonly target: number;
}): number[] {
  const spread = shares(rest - moved, weights);
  return minimum.map((least, i) => least + spread[i]! + (i === target ? moved : 0));
}

function worth(legs: readonly Leg[], volumes: readonly number[], margin: number): Worth {
  let least = 0;
  let most = 0;
  for (const [i, { low, high }] of legs.entries()) {
    const volume = volumes[i]!;
    const kept = Math.ceil((high - low) * volume * margin);
    least += low * volume + kept;
    most += high * volume - kept;
  }
  return { least, most };
}

/** Positive: worth too little at any prices; negative: too much; 0: possible. */
function shortfall(quote: number, { least, most }: Worth): number {
  if (quote > most) return quote - most;
  return quote < least ? quote - least : 0;
}

/** Average prices in the middle of each leg, shifted until they add up. */
function valued(
  parent: TickCandle,
  legs: readonly Leg[],
  volumes: readonly number[],
  margin: number,
): VolumeSpread {
  const quotes: number[] = [];
  const up: number[] = [];
  const down: number[] = [];
  for (const [i, leg] of legs.entries()) {
    const volume = volumes[i]!;
    const range = (leg.high - leg.low) * volume;
    const kept = Math.ceil(range * margin);
    const natural = Math.floor(range * middleOf(leg));
    const above = Math.min(range - kept, Math.max(kept, natural));
    quotes.push(leg.low * volume + above);
    up.push(range - kept - above);
    down.push(above - kept);
  }
  const missing = parent.quote - sum(quotes);
  const shift = fill(Math.abs(missing), missing > 0 ? up : down);
  const sign = Math.sign(missing);
  return { volumes, quotes: quotes.map((quote, i) => quote + sign * shift[i]!) };
}

/** The probable place of a candle's average price in its range, 0 to 1. */
export function middleOf({ open, high, low, close }: Omit<Leg, "jumps">): number {
  return high === low ? 0 : ((open + high + low + close) / 4 - low) / (high - low);
}

function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
