import { ApiError } from "../../../lib/core/binance_params/api_error.ts";
import { readSymbol, readSymbols } from "../../../lib/core/binance_params/symbol_params.ts";
import { keepStatus, readStatus } from "../../../lib/core/binance_params/status_filter.ts";
import { type EpochMs, MINUTE_MS } from "../../../lib/core/time.ts";
import { type Answer, jsonAnswer } from "../answer.ts";
import { average } from "../market/fixed_point.ts";
import { dayTicker, miniTicker } from "./day_ticker.ts";
import { findListing, findListings, type RouteContext, timeIn } from "./route.ts";

const ZERO = "0.00000000";

/** GET /api/v3/ticker/price. */
export function answerPrice({ exchange, params, now }: RouteContext): Answer {
  const { names, isSingle } = readSymbols(params);
  const status = readStatus(params);
  params.finish();
  const listings = keepStatus(
    findListings(exchange.listings, names, now),
    { status, isSingle },
    (listing) => listing.status(now),
  );
  const prices = listings.map((listing) => ({
    symbol: listing.market.symbol,
    price: listing.market.lastPrice(listing.time(now)) ?? ZERO,
  }));
  return jsonAnswer(isSingle ? prices[0] : prices);
}

/** GET /api/v3/ticker/24hr. */
export function answerDayTicker({ exchange, params, unit, now }: RouteContext): Answer {
  const { names, isSingle } = readSymbols(params);
  const status = readStatus(params);
  const type = params.optional("type") ?? "FULL";
  params.finish();
  if (type !== "FULL" && type !== "MINI") throw new ApiError(-1139, "Invalid ticker type.");
  const listings = keepStatus(
    findListings(exchange.listings, names, now),
    { status, isSingle },
    (listing) => listing.status(now),
  );
  const tickers = listings.map((listing) => {
    const full = dayTicker(listing, now);
    const ticker = type === "MINI" ? miniTicker(full) : full;
    const { openTime, closeTime } = ticker;
    return { ...ticker, openTime: timeIn(openTime, unit), closeTime: timeIn(closeTime, unit) };
  });
  return jsonAnswer(isSingle ? tickers[0] : tickers);
}

const AVERAGE_MINUTES = 5;

/** GET /api/v3/avgPrice. */
export function answerAveragePrice({ exchange, params, unit, now }: RouteContext): Answer {
  const symbol = readSymbol(params);
  params.finish();
  const listing = findListing(exchange.listings, symbol, now);
  const to: EpochMs = listing.time(now);
  const trading = listing.market.trading({ from: to - AVERAGE_MINUTES * MINUTE_MS, to });
  const last = listing.market.lastPrice(to) ?? ZERO;
  const price = trading === undefined || trading.trades === 0
    ? last
    : average(trading.quoteVolume, trading.volume);
  const closeTime = timeIn(listing.market.lastTraded(to) ?? 0, unit);
  return jsonAnswer({ mins: AVERAGE_MINUTES, price, closeTime });
}
