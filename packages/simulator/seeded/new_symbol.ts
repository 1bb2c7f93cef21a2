import type { EpochMs } from "../../../lib/core/time.ts";
import { splitSymbol } from "../market/quote_assets.ts";
import { FOREVER, type SymbolSpec } from "./catalogue.ts";
import { mixText } from "./random.ts";

/** A symbol that the catalogue does not have; what is left out follows from the name. */
export interface NewSymbol {
  readonly symbol: string;
  readonly base?: string;
  readonly quote?: string;
  /** 2020-01-01 unless given. */
  readonly listedAt?: EpochMs;
  /** First instant without trading. */
  readonly stopsAt?: EpochMs;
  /** Around which it moves. */
  readonly price?: number;
  /** Digits after the point of tickSize and stepSize; together at most 8. */
  readonly tickDecimals?: number;
  readonly stepDecimals?: number;
  /** Per day, in units of the quote asset. */
  readonly turnover?: number;
  /** Typical size of the moves of a day: 0.05 is 5 %. */
  readonly volatility?: number;
}

const PRICES = [0.0045, 0.03, 0.12, 0.7, 1.9, 6.5, 14, 33, 85, 240, 610, 1900];

const LISTED = Date.UTC(2020, 0);

/** @throws {RangeError} when tick and step together have more than 8 decimals */
export function toSpec(wanted: NewSymbol): SymbolSpec {
  const { symbol } = wanted;
  const guess = splitSymbol(symbol);
  const price = wanted.price ?? PRICES[mixText(symbol) % PRICES.length]!;
  const tickDecimals = wanted.tickDecimals ?? decimalsFor(price);
  const stepDecimals = wanted.stepDecimals ?? Math.max(0, Math.min(8 - tickDecimals, 5) - 2);
  if (tickDecimals + stepDecimals > 8) {
    throw new RangeError(`Cannot add symbol: ${symbol} has more than 8 decimals in tick and step`);
  }
  return {
    symbol,
    base: wanted.base ?? guess.base,
    quote: wanted.quote ?? guess.quote,
    tickDecimals,
    stepDecimals,
    turnover: `20-01 ${wanted.turnover ?? 20_000_000}`,
    volatility: wanted.volatility ?? 0.05,
    lives: [{
      from: wanted.listedAt ?? LISTED,
      to: wanted.stopsAt ?? FOREVER,
      prices: `20-01 ${price}`,
    }],
  };
}

/** As many as leave a price four to five significant digits. */
function decimalsFor(price: number): number {
  let decimals = 2;
  for (let scaled = price * 100; scaled < 1_000 && decimals < 8; scaled *= 10) decimals++;
  return decimals;
}
