import { type Decimal, parseDecimal } from "../core/decimal.ts";
import type { ImportedCandle } from "../core/imported_candle.ts";
import { endOf, type Interval, shiftOpen } from "../core/interval.ts";
import type { Kline } from "../core/kline.ts";
import { type EpochMs, parseTime } from "../core/time.ts";
import type { MarketSymbol } from "../ports/kline_source.ts";

/** A candle whose digits depend on its open time, so that all candles differ. */
export function klineAt(
  openTime: EpochMs | string,
  interval: Interval,
  change: Partial<Kline> = {},
): Kline {
  const time = typeof openTime === "string" ? parseTime(openTime) : openTime;
  const seconds = Math.floor(time / 1000);
  const price = (cents: number) => decimal(`${4000 + seconds % 997}.${12_345_670 + cents}`);
  return {
    openTime: time,
    openPrice: price(0),
    highPrice: price(9),
    lowPrice: price(1),
    closePrice: price(5),
    volume: decimal(`${seconds % 89}.50000000`),
    closeTime: endOf(time, interval) - 1,
    quoteAssetVolume: decimal(`${seconds % 8_999_999}.12345678`),
    numberOfTrades: seconds % 7919,
    takerBuyBaseAssetVolume: decimal("1.00000000"),
    takerBuyQuoteAssetVolume: decimal("0.06350000"),
    ...change,
  };
}

/** `count` candles without a gap, the first at `first`. */
export function klinesFrom(first: EpochMs | string, interval: Interval, count: number): Kline[] {
  const time = typeof first === "string" ? parseTime(first) : first;
  return Array.from({ length: count }, (_, i) => klineAt(shiftOpen(time, interval, i), interval));
}

/** The candle as a program stores it that keeps six columns, as floats. */
export function toImported(kline: Kline, change: Partial<ImportedCandle> = {}): ImportedCandle {
  const { openTime, openPrice, highPrice, lowPrice, closePrice } = kline;
  return {
    openTime,
    openPrice,
    highPrice,
    lowPrice,
    closePrice,
    volume: decimal("12.5"),
    closeTime: undefined,
    quoteAssetVolume: undefined,
    numberOfTrades: undefined,
    takerBuyBaseAssetVolume: undefined,
    takerBuyQuoteAssetVolume: undefined,
    isFloat: true,
    ...change,
  };
}

export function marketSymbol(symbol: string, change: Partial<MarketSymbol> = {}): MarketSymbol {
  return {
    symbol,
    baseAsset: symbol.replace(/USDT$/, ""),
    quoteAsset: "USDT",
    status: "TRADING",
    tickSize: decimal("0.01000000"),
    stepSize: decimal("0.00001000"),
    filters: undefined,
    ...change,
  };
}

function decimal(text: string): Decimal {
  return parseDecimal(text);
}

/** A kline in the format of the exchange's API. */
export function toRow(kline: Kline): (string | number)[] {
  const { openTime, openPrice, highPrice, lowPrice, closePrice, volume, closeTime } = kline;
  return [
    openTime,
    openPrice,
    highPrice,
    lowPrice,
    closePrice,
    volume,
    closeTime,
    kline.quoteAssetVolume,
    kline.numberOfTrades,
    kline.takerBuyBaseAssetVolume,
    kline.takerBuyQuoteAssetVolume,
    "0",
  ];
}
