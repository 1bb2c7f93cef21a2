import { ApiError } from "../../../lib/core/binance_params/api_error.ts";
import {
  isInSeconds,
  type KlinesRequest,
  readKlines,
} from "../../../lib/core/binance_params/klines_params.ts";
import { Params } from "../../../lib/core/binance_params/params.ts";
import { countSymbols } from "../../../lib/core/binance_params/symbol_params.ts";
import { parseTimeUnit } from "../../../lib/core/binance_params/time_unit.ts";
import type { EpochMs } from "../../../lib/core/time.ts";
import { type Answer, bodyAnswer, type Incoming, JSON_TYPE, jsonAnswer } from "../answer.ts";
import { batchBytes, type BatchQuery, selectBatch } from "../market/batch.ts";
import { inMicroseconds, type KlineRow } from "../market/kline_row.ts";
import { answerExchangeInfo } from "./exchange_info.ts";
import { type ExchangeState, findListing, type Route, type RouteContext, timeIn } from "./route.ts";
import { answerAveragePrice, answerDayTicker, answerPrice } from "./tickers.ts";

const klines: Route = { weight: () => 2, answer: answerKlines };

/** All routes of the exchange, with the weights of rest-api.md. */
const ROUTES: Readonly<Record<string, Route>> = {
  "/api/v3/ping": {
    weight: () => 1,
    answer({ params }) {
      params.refuseAll();
      return jsonAnswer({});
    },
  },
  "/api/v3/time": {
    weight: () => 1,
    answer({ params, now, unit }) {
      params.refuseAll();
      return jsonAnswer({ serverTime: timeIn(now, unit) });
    },
  },
  "/api/v3/exchangeInfo": { weight: () => 20, answer: answerExchangeInfo },
  "/api/v3/klines": klines,
  "/api/v3/uiKlines": klines,
  "/api/v3/ticker/price": {
    weight: (params) => params.peek("symbol") === undefined ? 4 : 2,
    answer: answerPrice,
  },
  "/api/v3/ticker/24hr": { weight: dayTickerWeight, answer: answerDayTicker },
  "/api/v3/avgPrice": { weight: () => 2, answer: answerAveragePrice },
};

function dayTickerWeight(params: Params): number {
  const count = countSymbols(params);
  if (count === 0 || count > 100) return 80;
  return count > 20 ? 40 : 2;
}

/** Weight of unknown paths. */
const UNKNOWN_WEIGHT = 1;

export function weightOf(request: Incoming): number {
  return ROUTES[request.path]?.weight(new Params(request.query)) ?? UNKNOWN_WEIGHT;
}

/** All routes below `/api` except those of other providers. */
export function answerExchange(exchange: ExchangeState, request: Incoming, now: EpochMs): Answer {
  const { path, method, query } = request;
  const route = ROUTES[path];
  if (route === undefined) return jsonAnswer({ status: 404, error: "Not Found", path }, 404);
  if (method !== "GET" && method !== "HEAD") {
    const body = { code: -1002, msg: `Request method '${method}' not supported` };
    return jsonAnswer(body, 405, { allow: "GET, HEAD" });
  }
  try {
    const unit = parseTimeUnit(request.header("x-mbx-time-unit"));
    return route.answer({ exchange, params: new Params(query), unit, now });
  } catch (error) {
    if (error instanceof ApiError) return jsonAnswer(error.toBody(), error.status);
    throw error;
  }
}

/** GET /api/v3/klines and /api/v3/uiKlines. */
function answerKlines({ exchange, params, unit, now }: RouteContext): Answer {
  const request = readKlines(params);
  const listing = findListing(exchange.listings, request.symbol, now);
  const series = exchange.reader.series(listing.market, request.interval);
  if (isInSeconds(request)) return jsonAnswer([]);
  const bytes = batchBytes(selectBatch(series, batchQuery(request, listing.time(now))));
  if (unit === "ms") return bodyAnswer(bytes, 200, { "content-type": JSON_TYPE });
  const rows: KlineRow[] = JSON.parse(new TextDecoder().decode(bytes));
  return jsonAnswer(rows.map(inMicroseconds));
}

/** Bounds in µs may lie between two ms. */
function batchQuery({ startTime, endTime, limit }: KlinesRequest, now: EpochMs): BatchQuery {
  return {
    startTime: startTime === undefined ? undefined : Math.ceil(startTime),
    endTime: endTime === undefined ? undefined : Math.floor(endTime),
    limit,
    now,
  };
}
