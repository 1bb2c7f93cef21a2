import { LRUCache } from "lru-cache";
import {
  DAY_MS,
  type EpochMs,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  type TimeRange,
} from "../../../lib/core/time.ts";
import { CandleSum } from "./candle_sum.ts";
import type { SymbolSpec } from "./catalogue.ts";
import { DailyPath } from "./daily_path.ts";
import { drawHours, type Sizes } from "./hours.ts";
import { mix, mixText, Random } from "./random.ts";
import { slotsOf } from "./slots.ts";
import { MINUTE_RULES, SECOND_RULES, split } from "./split.ts";
import { LOT_STEPS, type Slots, type TickCandle } from "./tick_candle.ts";
import type { TradingHours } from "./trading_hours.ts";

/** Days, hours and minutes kept in memory per symbol, with the candles in them. */
const KEPT = { days: 96, hours: 64, minutes: 64 };

/**
 * The candles of one symbol at every resolution, each computed from its parent only: a day gives
 * its hours, an hour its minutes, a minute its seconds. The digits depend on the seed, not on the
 * order of requests.
 */
export class SeededCandles {
  /** Number of tick × step per unit of the quote asset. */
  readonly scale: number;
  readonly #spec: SymbolSpec;
  readonly #hours: TradingHours;
  readonly #seed: number;
  readonly #sizes: Sizes;
  readonly #paths: readonly DailyPath[];
  /** Hours by day, minutes by hour, seconds by minute. */
  readonly #days = keptSlots(KEPT.days, (day) => this.#drawHours(day));
  readonly #minutes = keptSlots(KEPT.hours, (hour) => this.#drawMinutes(hour));
  readonly #seconds = keptSlots(KEPT.minutes, (minute) => this.#drawSeconds(minute));
  #lastDay = NaN;
  #lastHours: Slots = [];

  constructor(spec: SymbolSpec, hours: TradingHours, seed: number) {
    this.#spec = spec;
    this.#hours = hours;
    this.#seed = mix(seed, mixText(spec.symbol));
    this.#paths = spec.lives.map((life, i) => new DailyPath(spec, life, mix(this.#seed, i)));
    this.scale = 10 ** (spec.tickDecimals + spec.stepDecimals);
    this.#sizes = { lotScale: this.scale / LOT_STEPS, averageTrade: 350 };
  }

  /** All trading in the range; borders are whole seconds. */
  sum(range: TimeRange): CandleSum {
    const sum = new CandleSum(this.scale);
    const { from, to } = range;
    for (let hour = floorTo(from, HOUR_MS); hour < to; hour += HOUR_MS) {
      if (hour >= from && hour + HOUR_MS <= to) this.#addHour(sum, hour);
      else this.#addMinutes(sum, hour, range);
    }
    return sum;
  }

  #addHour(sum: CandleSum, hour: EpochMs): void {
    const candle = this.#hourAt(hour);
    if (candle !== undefined) sum.add(candle);
  }

  #hourAt(hour: EpochMs): TickCandle | undefined {
    const day = Math.floor(hour / DAY_MS);
    // Nearly all calls go through a day hour by hour.
    if (day !== this.#lastDay) {
      this.#lastHours = this.#days.memo(day);
      this.#lastDay = day;
    }
    return this.#lastHours[(hour - day * DAY_MS) / HOUR_MS];
  }

  #addMinutes(sum: CandleSum, hour: EpochMs, { from, to }: TimeRange): void {
    const minutes = this.#minutes.memo(hour);
    for (let i = 0; i < minutes.length; i++) {
      const minute = hour + i * MINUTE_MS;
      const candle = minutes[i];
      if (candle === undefined || minute >= to || minute + MINUTE_MS <= from) continue;
      if (minute >= from && minute + MINUTE_MS <= to) sum.add(candle);
      else this.#addSeconds(sum, minute, { from, to });
    }
  }

  #addSeconds(sum: CandleSum, minute: EpochMs, { from, to }: TimeRange): void {
    for (const candle of this.#seconds.memo(minute)) {
      if (candle !== undefined && candle.time >= from && candle.time + SECOND_MS <= to) {
        sum.add(candle);
      }
    }
  }

  #drawHours(day: number): Slots {
    const from = day * DAY_MS;
    const slots = slotsOf(from, HOUR_MS, 24, this.#hours);
    if (slots.length === 0) return [];
    const life = this.#spec.lives.findLastIndex((life) => life.from < from + DAY_MS);
    const plan = this.#paths[life]!.plan(day);
    const random = new Random(mix(this.#seed, 2, day));
    return drawHours({ from, plan, slots }, this.#sizes, random);
  }

  #drawMinutes(hour: EpochMs): Slots {
    const parent = this.#hourAt(hour);
    if (parent === undefined) return [];
    const slots = slotsOf(hour, MINUTE_MS, 60, this.#hours);
    return split(parent, slots, MINUTE_RULES, new Random(mix(this.#seed, 3, hour / HOUR_MS)));
  }

  #drawSeconds(minute: EpochMs): Slots {
    const hour = floorTo(minute, HOUR_MS);
    const parent = this.#minutes.memo(hour)[(minute - hour) / MINUTE_MS];
    if (parent === undefined) return [];
    const slots = slotsOf(minute, SECOND_MS, 60, this.#hours);
    const random = new Random(mix(this.#seed, 4, minute / MINUTE_MS));
    return split(parent, slots, SECOND_RULES, random);
  }
}

function keptSlots(max: number, draw: (time: number) => Slots): LRUCache<number, Slots> {
  return new LRUCache({ max, memoMethod: draw });
}

function floorTo(time: EpochMs, step: number): EpochMs {
  return Math.floor(time / step) * step;
}
