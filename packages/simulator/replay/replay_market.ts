import { type Interval, INTERVALS } from "../../../lib/core/interval.ts";
import type { EpochMs, TimeRange } from "../../../lib/core/time.ts";
import { fromUnits, toUnits } from "../market/fixed_point.ts";
import { type KlineRow, parseRow } from "../market/kline_row.ts";
import type { Market, Series, Trading } from "../market/market.ts";
import { splitSymbol } from "../market/quote_assets.ts";
import { ReplaySeries } from "./replay_series.ts";

/** A symbol whose candles come from files. */
export class ReplayMarket implements Market {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly tickSize: string;
  readonly stepSize: string;
  readonly #series = new Map<Interval, ReplaySeries>();
  readonly #finest: ReplaySeries;

  /** `rows` by interval, at least one. */
  constructor(symbol: string, rows: ReadonlyMap<Interval, readonly KlineRow[]>) {
    this.symbol = symbol;
    ({ base: this.base, quote: this.quote } = splitSymbol(symbol));
    const all = [...rows.values()].flatMap((series) => series.slice(0, 1000));
    this.tickSize = smallest(all.flatMap((row) => [row[1], row[2], row[3], row[4]]));
    this.stepSize = smallest(all.map((row) => row[5]));
    for (const [interval, series] of rows) {
      this.#series.set(interval, ReplaySeries.from(series, interval));
    }
    this.#finest = this.#series.get(INTERVALS.find((interval) => this.#series.has(interval))!)!;
  }

  /** A symbol with files is always listed, even when the clock is before its first candle. */
  isKnown(): boolean {
    return true;
  }

  isTrading(): boolean {
    return true;
  }

  series(interval: Interval): Series {
    return this.#series.get(interval) ?? NO_CANDLES;
  }

  trading({ from, to }: TimeRange): Trading | undefined {
    const rows = this.#finest.between(from, to).map((row) => parseRow(row.text));
    const first = rows[0];
    if (first === undefined) return undefined;
    const units = (field: 2 | 3 | 5 | 7) => rows.map((row) => toUnits(row[field]));
    return {
      open: first[1],
      high: fromUnits(units(2).reduce((a, b) => a > b ? a : b)),
      low: fromUnits(units(3).reduce((a, b) => a < b ? a : b)),
      close: rows.at(-1)![4],
      volume: fromUnits(units(5).reduce((a, b) => a + b)),
      quoteVolume: fromUnits(units(7).reduce((a, b) => a + b)),
      trades: rows.reduce((sum, row) => sum + row[8], 0),
    };
  }

  lastTraded(now: EpochMs): EpochMs | undefined {
    const row = this.#finest.newest(now);
    return row && Math.min(now, row.end - 1);
  }

  lastPrice(now: EpochMs): string | undefined {
    const row = this.#finest.newest(now);
    return row && parseRow(row.text)[4];
  }
}

const NO_CANDLES = ReplaySeries.from([], "1h");

/** The smallest decimal place used by any of the numbers, up to the eighth: `"0.01000000"`. */
function smallest(decimals: readonly string[]): string {
  const used = decimals.map((text) => text.split(".")[1]?.replace(/0+$/, "").length ?? 0);
  return fromUnits(10n ** BigInt(8 - Math.min(8, used.reduce((a, b) => Math.max(a, b), 0))));
}
