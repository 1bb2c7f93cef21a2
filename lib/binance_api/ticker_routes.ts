import { ApiError } from "../core/binance_params/api_error.ts";
import { countSymbols, readSymbol, readSymbols } from "../core/binance_params/symbol_params.ts";
import { keepStatus, readStatus } from "../core/binance_params/status_filter.ts";
import type { TimeUnit } from "../core/binance_params/time_unit.ts";
import { parseDecimal } from "../core/decimal.ts";
import { divideDecimals, isZero, subtractDecimals } from "../core/decimal_arithmetic.ts";
import { AppError } from "../core/errors.ts";
import { intervalMs } from "../core/interval.ts";
import { DAY_MS, MINUTE_MS } from "../core/time.ts";
import type { SeriesExtent } from "../ports/kline_reader.ts";
import { findMarkets, timeIn } from "./market_routes.ts";
import type { BinanceRoute } from "./binance_route.ts";
import type { Services } from "../http/define.ts";
import { readTradedWindow, type TradedWindow } from "./traded_window.ts";

/** GET /api/v3/ticker/24hr: sums over the candles of the last 24 hours. */
export const dayTickerRoute: BinanceRoute = {
  weight: (params) => {
    const count = countSymbols(params);
    return count === 0 || count > 100 ? 80 : count > 20 ? 40 : 2;
  },
  async answer({ params, unit, services }) {
    const { names, isSingle } = readSymbols(params);
    const status = readStatus(params);
    const type = params.optional("type") ?? "FULL";
    params.finish();
    if (type !== "FULL" && type !== "MINI") throw new ApiError(-1139, "Invalid ticker type.");
    const listed = await findMarkets(services, names);
    const markets = keepStatus(listed, { status, isSingle }, (market) => market.status);
    const extents = await services.reader.extents({ symbols: names });
    const tickers = await Promise.all(markets.map(async ({ symbol }) => {
      const usable = seriesUpTo(extents, symbol, DAY_MS / 2);
      const window = await findWindow(services, usable, DAY_MS);
      if (window === undefined && names !== undefined) throw notDerivable(usable, DAY_NEEDS);
      return window && toTicker(symbol, window, { isFull: type === "FULL", unit });
    }));
    return JSON.stringify(isSingle ? tickers[0] : tickers.filter((ticker) => ticker !== undefined));
  },
};

/** GET /api/v3/avgPrice: the volume-weighted average of five minutes. */
export const averagePriceRoute: BinanceRoute = {
  weight: () => 2,
  async answer({ params, unit, services }) {
    const symbol = readSymbol(params);
    params.finish();
    await findMarkets(services, [symbol]);
    const usable = seriesUpTo(
      await services.reader.extents({ symbols: [symbol] }),
      symbol,
      MINUTE_MS,
    );
    const window = await findWindow(services, usable, AVERAGE_MINUTES * MINUTE_MS);
    if (window === undefined) throw notDerivable(usable, AVERAGE_NEEDS);
    const { quoteVolume, volume, close, closeTime } = window;
    const price = isZero(volume) ? close : divideDecimals(quoteVolume, volume, PLACES);
    return JSON.stringify({ mins: AVERAGE_MINUTES, price, closeTime: timeIn(closeTime, unit) });
  },
};

const AVERAGE_MINUTES = 5;
const AVERAGE_NEEDS = "the five-minute average requires 1s or 1m candles";
const DAY_NEEDS = "24-hour statistics require candles shorter than a day";

/** Digits after the point that the exchange writes. */
const PLACES = 8;
const NONE = parseDecimal("0.00000000");

/** A symbol's series with intervals up to `maxMs`, shortest first. */
function seriesUpTo(
  extents: readonly SeriesExtent[],
  symbol: string,
  maxMs: number,
): SeriesExtent[] {
  return extents
    .filter((series) => series.symbol === symbol && intervalMs(series.interval) <= maxMs)
    .sort((a, b) => intervalMs(a.interval) - intervalMs(b.interval));
}

/** Uses the shortest interval that is complete in the window. */
async function findWindow(
  services: Services,
  usable: readonly SeriesExtent[],
  lengthMs: number,
): Promise<TradedWindow | undefined> {
  for (const series of usable) {
    const window = await readTradedWindow(services, series, lengthMs);
    if (window !== undefined) return window;
  }
}

function notDerivable(usable: readonly SeriesExtent[], needs: string): Error {
  if (usable.length === 0) {
    return new ApiError(
      -1020,
      `This operation is not supported: ${needs}, and none are collected.`,
    );
  }
  const kept = usable.map(({ interval }) => interval).join(", ");
  return new AppError(
    "exchange_unavailable",
    `Cannot add up candles of ${kept} yet: some in the window have not been fetched`,
    { retryAfterMs: 15_000 },
  );
}

/**
 * Omits bid, ask and last quantity, which candles do not contain. Trade ids are Binance's value for
 * none.
 */
function toTicker(
  symbol: string,
  window: TradedWindow,
  { isFull, unit }: { isFull: boolean; unit: TimeUnit },
) {
  return {
    symbol,
    ...isFull ? changesOf(window) : {},
    openPrice: window.open,
    highPrice: window.high,
    lowPrice: window.low,
    lastPrice: window.close,
    volume: window.volume,
    quoteVolume: window.quoteVolume,
    openTime: timeIn(window.openTime, unit),
    closeTime: timeIn(window.closeTime, unit),
    firstId: -1,
    lastId: -1,
    count: window.trades,
  };
}

function changesOf({ open, close, volume, quoteVolume, previousClose }: TradedWindow) {
  const change = subtractDecimals(close, open);
  return {
    priceChange: change,
    priceChangePercent: isZero(open) ? "0.000" : divideDecimals(change, open, 3, 100n),
    weightedAvgPrice: isZero(volume) ? "0" : divideDecimals(quoteVolume, volume, PLACES),
    prevClosePrice: previousClose ?? NONE,
  };
}
