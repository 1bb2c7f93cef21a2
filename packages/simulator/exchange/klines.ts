import { invalidSymbol } from "../../../lib/core/binance_params/api_error.ts";
import {
  isInSeconds,
  type KlinesRequest,
  readKlines,
} from "../../../lib/core/binance_params/klines_params.ts";
import type { EpochMs } from "../../../lib/core/time.ts";
import { type Answer, bodyAnswer, JSON_TYPE } from "../answer.ts";
import { pageBytes, type PageQuery, selectPage } from "../market/page.ts";
import type { RouteContext } from "./route.ts";

/** GET /api/v3/klines and /api/v3/uiKlines. */
export function answerKlines({ exchange, params, unit, now }: RouteContext): Answer {
  const request = readKlines(params);
  const listing = exchange.listings.find(request.symbol, now);
  if (listing === undefined) throw invalidSymbol();
  const { interval } = request;
  const series = exchange.reader.series(listing.market, { interval, unit, offsetMs: 0 });
  const bytes = isInSeconds(request)
    ? "[]"
    : pageBytes(selectPage(series, pageQuery(request, listing.time(now))));
  return bodyAnswer(bytes, 200, { "content-type": JSON_TYPE });
}

/** Bounds in µs may lie between two ms. */
function pageQuery({ startTime, endTime, limit }: KlinesRequest, now: EpochMs): PageQuery {
  return {
    startTime: startTime === undefined ? undefined : Math.ceil(startTime),
    endTime: endTime === undefined ? undefined : Math.floor(endTime),
    limit,
    now,
  };
}
