import { type Interval, isInterval } from "../../core/interval.ts";
import type { EpochMs } from "../../core/time.ts";
import { type Answer, bodyAnswer, JSON_TYPE } from "../answer.ts";
import type { TimeUnit } from "../market/market.ts";
import { pageBytes, type PageQuery, selectPage } from "../market/page.ts";
import { ApiError, illegalCharacters, invalidSymbol } from "./api_error.ts";
import type { Params } from "./params.ts";
import type { RouteContext } from "./route.ts";
import { readSymbol } from "./symbol_params.ts";
import { parseTimeZone } from "./time_zone.ts";

const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 1_000;

/** Start times that can only be seconds: as ms they lie between 1970-01-02 and 1973. */
const SECONDS_LOOKALIKE = { from: 1e8, to: 1e11 };

interface KlinesRequest {
  readonly symbol: string;
  readonly interval: Interval;
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly limit: number;
  readonly offsetMs: number;
}

/** GET /api/v3/klines and /api/v3/uiKlines. */
export function answerKlines({ exchange, params, unit, now }: RouteContext): Answer {
  const request = readKlines(params);
  const listing = exchange.listings.find(request.symbol, now);
  if (listing === undefined) throw invalidSymbol();
  const { interval, offsetMs } = request;
  if (offsetMs !== 0 && !listing.market.hasTimeZones) {
    throw new ApiError(-1106, "Parameter 'timeZone' sent when not required.");
  }
  const series = exchange.reader.series(listing.market, { interval, unit, offsetMs });
  const bytes = isInSeconds(request.startTime)
    ? "[]"
    : pageBytes(selectPage(series, pageQuery(request, listing.time(now))));
  return bodyAnswer(bytes, 200, { "content-type": JSON_TYPE });
}

function readKlines(params: Params): KlinesRequest {
  const symbol = readSymbol(params);
  const interval = params.required("interval");
  const startTime = params.time("startTime");
  const endTime = params.time("endTime");
  const limit = readLimit(params);
  const offsetMs = parseTimeZone(params.optional("timeZone"));
  params.finish();
  if (!isInterval(interval)) throw new ApiError(-1120, "Invalid interval.");
  return { symbol, interval, startTime, endTime, limit, offsetMs };
}

/** Above the maximum the limit is cut; what the real exchange does is not documented. */
function readLimit(params: Params): number {
  const limit = params.integer("limit");
  if (limit === 0n) throw illegalCharacters("limit", "^[0-9]{1,20}$");
  return limit === undefined ? DEFAULT_LIMIT : Math.min(MAX_LIMIT, Number(limit));
}

function isInSeconds(startTime: number | undefined): boolean {
  return startTime !== undefined && startTime >= SECONDS_LOOKALIKE.from &&
    startTime < SECONDS_LOOKALIKE.to;
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

/** The unit that the header `X-MBX-TIME-UNIT` asks for. */
export function parseTimeUnit(header: string | undefined): TimeUnit {
  if (header === undefined || /^millisecond$/i.test(header)) return "ms";
  if (/^microsecond$/i.test(header)) return "us";
  throw new ApiError(
    -1194,
    "Invalid value for time unit; expected either MICROSECOND or MILLISECOND.",
  );
}
