import { DAY_MS, type EpochMs } from "../../../lib/core/time.ts";
import { average, divideRounded, fromUnits, toUnits } from "../market/fixed_point.ts";
import type { Listing } from "../market/listings.ts";
import type { Trading } from "../market/market.ts";

const ZERO = "0.00000000";

export type DayTicker = ReturnType<typeof dayTicker>;

/**
 * Statistics of the last 24 hours; empty for a symbol that is not traded, ending at its last trade.
 */
export function dayTicker(listing: Listing, now: EpochMs) {
  const { market } = listing;
  const time = listing.time(now);
  const trading = market.trading({ from: time - DAY_MS, to: time });
  const isIdle = trading === undefined || trading.trades === 0 || now - time > DAY_MS;
  if (isIdle) {
    const closeTime = market.lastTraded(time) ?? time;
    return filled(market.symbol, emptyTrading(), { closeTime, tick: 0n, prices: EMPTY_PRICES });
  }
  const open = toUnits(trading.open);
  const change = toUnits(trading.close) - open;
  const prices = {
    priceChange: fromUnits(change),
    priceChangePercent: percent(change, open),
    weightedAvgPrice: average(trading.quoteVolume, trading.volume),
  };
  return filled(market.symbol, trading, {
    closeTime: time,
    tick: toUnits(market.tickSize),
    prices,
  });
}

const EMPTY_PRICES = { priceChange: ZERO, priceChangePercent: "0.000", weightedAvgPrice: "0" };

interface Details {
  readonly closeTime: EpochMs;
  readonly tick: bigint;
  readonly prices: typeof EMPTY_PRICES;
}

function filled(symbol: string, trading: Trading, { closeTime, tick, prices }: Details) {
  const last = toUnits(trading.close);
  // Trade ids only have to grow with time.
  const firstId = trading.trades === 0 ? -1 : Math.floor(closeTime / 100);
  return {
    symbol,
    ...prices,
    prevClosePrice: trading.open,
    lastPrice: trading.close,
    lastQty: trading.trades === 0 ? ZERO : "1.00000000",
    bidPrice: fromUnits(last - tick),
    bidQty: "1.00000000",
    askPrice: fromUnits(last + tick),
    askQty: "1.00000000",
    openPrice: trading.open,
    highPrice: trading.high,
    lowPrice: trading.low,
    volume: trading.volume,
    quoteVolume: trading.quoteVolume,
    openTime: closeTime - DAY_MS,
    closeTime,
    firstId,
    lastId: trading.trades === 0 ? -1 : firstId + trading.trades - 1,
    count: trading.trades,
  };
}

/** The fields of `type=MINI`. */
export function miniTicker(full: DayTicker) {
  const { symbol, openPrice, highPrice, lowPrice, lastPrice, volume, quoteVolume } = full;
  const { openTime, closeTime, firstId, lastId, count } = full;
  return {
    symbol,
    openPrice,
    highPrice,
    lowPrice,
    lastPrice,
    volume,
    quoteVolume,
    openTime,
    closeTime,
    firstId,
    lastId,
    count,
  };
}

function emptyTrading(): Trading {
  return {
    open: ZERO,
    high: ZERO,
    low: ZERO,
    close: ZERO,
    volume: ZERO,
    quoteVolume: ZERO,
    trades: 0,
  };
}

/** With three decimals, rounded like the exchange's. */
function percent(change: bigint, base: bigint): string {
  const thousandths = divideRounded(change * 100_000n, base);
  const digits = String(thousandths < 0n ? -thousandths : thousandths).padStart(4, "0");
  return `${thousandths < 0n ? "-" : ""}${digits.slice(0, -3)}.${digits.slice(-3)}`;
}
