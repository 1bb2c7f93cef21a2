import type { Interval } from "../../../lib/core/interval.ts";
import { type EpochMs, MINUTE_MS, SECOND_MS, type TimeRange } from "../../../lib/core/time.ts";
import type { Market, Series, Trading } from "../market/market.ts";
import { SeededCandles } from "./candles.ts";
import { PlainCandles } from "./plain_candles.ts";
import { FOREVER, type SymbolSpec } from "./catalogue.ts";
import type { Outage } from "./outages.ts";
import { fixed, formatTrading } from "./row_format.ts";
import { type Candles, SeededSeries } from "./seeded_series.ts";
import { TradingHours } from "./trading_hours.ts";

export interface SeededOptions {
  readonly seed: number;
  readonly outages: readonly Outage[];
  /** History before this is not served; later candles stay the same. */
  readonly since: EpochMs;
  /** Candles that cost little to compute, without outages; see `PlainCandles`. */
  readonly plain: boolean;
}

/** A symbol whose candles are computed from a seed. */
export class SeededMarket implements Market {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly tickSize: string;
  readonly stepSize: string;
  readonly #spec: SymbolSpec;
  readonly #listed: readonly TimeRange[];
  readonly #hours: TradingHours;
  readonly #candles: Candles;

  constructor(spec: SymbolSpec, { seed, outages, since, plain }: SeededOptions) {
    this.symbol = spec.symbol;
    this.base = spec.base;
    this.quote = spec.quote;
    this.tickSize = fixed(1, spec.tickDecimals);
    this.stepSize = fixed(1, spec.stepDecimals);
    this.#spec = spec;
    this.#listed = spec.lives
      .map(({ from, to }) => ({ from: Math.max(from, since), to }))
      .filter(({ from, to }) => from < to);
    this.#hours = new TradingHours(spec.symbol, this.#listed, plain ? [] : outages);
    this.#candles = plain
      ? new PlainCandles(spec, this.#hours)
      : new SeededCandles(spec, this.#hours, seed);
  }

  isKnown(now: EpochMs): boolean {
    const first = this.#listed[0];
    return first !== undefined && first.from <= now;
  }

  isTrading(now: EpochMs): boolean {
    return this.#listed.some(({ from, to }) => from <= now && (to === FOREVER || now < to));
  }

  series(interval: Interval): Series {
    const parts = { spec: this.#spec, hours: this.#hours, candles: this.#candles };
    return new SeededSeries(parts, interval);
  }

  trading({ from, to }: TimeRange): Trading | undefined {
    const whole = {
      from: Math.ceil(from / SECOND_MS) * SECOND_MS,
      to: floorTo(to, SECOND_MS),
    };
    const sum = this.#candles.sum(whole);
    return sum.count === 0 ? undefined : formatTrading(sum, this.#spec);
  }

  lastTraded(now: EpochMs): EpochMs | undefined {
    return this.#hours.lastTrading(now);
  }

  lastPrice(now: EpochMs): string | undefined {
    const last = this.lastTraded(now);
    if (last === undefined) return undefined;
    const second = floorTo(last + 1, SECOND_MS);
    const sum = this.#candles.sum({ from: floorTo(last, MINUTE_MS), to: second });
    const price = sum.count > 0
      ? sum.close
      : this.#candles.sum({ from: second, to: second + SECOND_MS }).open;
    return fixed(price, this.#spec.tickDecimals);
  }
}

function floorTo(time: EpochMs, step: number): EpochMs {
  return Math.floor(time / step) * step;
}
