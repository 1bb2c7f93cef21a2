import { DAY_MS, type EpochMs } from "../../../lib/core/time.ts";
import type { Life, SymbolSpec } from "./catalogue.ts";
import { mix, Random } from "./random.ts";

/** The figures of a day, from which its hours are drawn. */
export interface DayPlan {
  /** In ticks. */
  readonly open: number;
  readonly close: number;
  /** Relative size of the day's moves. */
  readonly sigma: number;
  /** Turnover of a full day, in units of the quote asset. */
  readonly turnover: number;
}

/**
 * The daily figures of one trading period: a random walk around the catalogue's rough prices, with
 * clusters of volatility. Days are computed once and in order, whatever the order of requests.
 */
export class DailyPath {
  readonly #firstDay: number;
  readonly #ticksPerUnit: number;
  readonly #volatility: number;
  readonly #prices: Anchors;
  readonly #turnover: Anchors;
  readonly #random: Random;
  /** Arrays of numbers, which are faster here than an array of objects. */
  readonly #closes: number[] = [];
  readonly #sigmas: number[] = [];
  readonly #turnovers: number[] = [];
  readonly #open: number;
  #drift = 0;
  #cluster = 1;

  constructor(spec: SymbolSpec, life: Life, seed: number) {
    this.#firstDay = Math.floor(life.from / DAY_MS);
    this.#ticksPerUnit = 10 ** spec.tickDecimals;
    this.#volatility = spec.volatility;
    this.#prices = new Anchors(life.prices);
    this.#turnover = new Anchors(spec.turnover);
    this.#random = new Random(mix(seed, 1));
    this.#open = this.#toTicks(this.#prices.at(life.from));
  }

  /** `day`: days since the epoch, not before the first day of trading. */
  plan(day: number): DayPlan {
    const index = day - this.#firstDay;
    if (index < 0) throw new RangeError(`Cannot plan day: ${day} is before ${this.#firstDay}`);
    while (this.#closes.length <= index) this.#walk();
    return {
      open: this.#closes[index - 1] ?? this.#open,
      close: this.#closes[index]!,
      sigma: this.#sigmas[index]!,
      turnover: this.#turnovers[index]!,
    };
  }

  #walk(): void {
    const time = (this.#firstDay + this.#closes.length + 1) * DAY_MS;
    const shock = this.#random.bell();
    const calm = this.#random.next();
    this.#cluster = 0.9 * this.#cluster + 0.1 * (0.3 + shock * shock * 0.7);
    if (calm > 0.985) this.#cluster += 1.5;
    const sigma = this.#volatility * Math.min(3, Math.max(0.35, this.#cluster));
    this.#drift = Math.min(1.2, Math.max(-0.6, 0.97 * this.#drift + sigma * this.#random.bell()));
    const busy = (0.5 + this.#random.next()) * (0.4 + 0.6 * Math.min(3, this.#cluster));
    this.#closes.push(this.#toTicks(this.#prices.at(time) * (1 + this.#drift)));
    this.#sigmas.push(sigma);
    this.#turnovers.push(this.#turnover.at(time) * busy);
  }

  #toTicks(price: number): number {
    return Math.max(1, Math.round(price * this.#ticksPerUnit));
  }
}

/** A piecewise linear curve over time, read from `"17-08 4300 17-12 16000"`. */
class Anchors {
  readonly #times: EpochMs[] = [];
  readonly #values: number[] = [];

  constructor(text: string) {
    const words = text.split(" ");
    for (let i = 0; i + 1 < words.length; i += 2) {
      const [year, month] = words[i]!.split("-");
      this.#times.push(Date.UTC(2000 + Number(year), Number(month) - 1, 17));
      this.#values.push(Number(words[i + 1]));
    }
  }

  /** Constant before the first and after the last point. */
  at(time: EpochMs): number {
    const after = this.#times.findIndex((known) => known > time);
    if (after === 0) return this.#values[0]!;
    if (after === -1) return this.#values.at(-1)!;
    const [from, to] = [this.#times[after - 1]!, this.#times[after]!];
    const [low, high] = [this.#values[after - 1]!, this.#values[after]!];
    return low + (high - low) * ((time - from) / (to - from));
  }
}
