import { type Interval, intervalMs, isInterval } from "../interval.ts";
import { ApiError, illegalCharacters, invalidValue } from "./api_error.ts";
import type { Params } from "./params.ts";
import { readSymbol } from "./symbol_params.ts";
import { PAGE_ROWS } from "../request_weight.ts";
import { DAY_MS, HOUR_MS, isSeconds, MINUTE_MS } from "../time.ts";

const DEFAULT_LIMIT = 500;

/** Smaller start times, on 1970-01-01 or 02, mean the beginning of the series. */
const LEAST_SECONDS = 1e8;

/** Parameters of GET /api/v3/klines. */
export interface KlinesRequest {
  readonly symbol: string;
  readonly interval: Interval;
  /** Epoch ms, inclusive, compared with open times; fractional when given in µs. */
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly limit: number;
}

export function readKlines(params: Params): KlinesRequest {
  const symbol = readSymbol(params);
  const interval = params.required("interval");
  const startTime = params.time("startTime");
  const endTime = params.time("endTime");
  const limit = readLimit(params);
  const offsetMs = parseTimeZone(params.optional("timeZone"));
  params.finish();
  if (!isInterval(interval)) throw new ApiError(-1120, "Invalid interval.");
  requireUtcBorders(interval, offsetMs);
  return { symbol, interval, startTime, endTime, limit };
}

/** Candles begin and end in UTC. A zone in which they begin at the same times is accepted. */
function requireUtcBorders(interval: Interval, offsetMs: number): void {
  const isSame = intervalMs(interval) < DAY_MS && offsetMs % intervalMs(interval) === 0;
  if (offsetMs !== 0 && !isSame) throw invalidValue("timeZone");
}

/** A limit above the maximum is clamped; Binance's behaviour is undocumented. */
function readLimit(params: Params): number {
  const limit = params.integer("limit");
  if (limit === 0n) throw illegalCharacters("limit", "^[0-9]{1,20}$");
  return limit === undefined ? DEFAULT_LIMIT : Math.min(PAGE_ROWS, Number(limit));
}

/**
 * True if the start can only be in seconds. The exchange has no candles that old and answers `[]`.
 */
export function isInSeconds({ startTime }: KlinesRequest): boolean {
  return startTime !== undefined && startTime >= LEAST_SECONDS && isSeconds(startTime);
}

const FORM = /^([+-]?)(\d{1,2})(?::([0-5]\d))?$/;
const SHOWN = "^[+-]?[0-9]{1,2}(:[0-5][0-9])?$";

/** Reads `8`, `-1:00`, `05:45`: offset of candle boundaries ahead of UTC, in ms. */
function parseTimeZone(text: string | undefined): number {
  if (text === undefined) return 0;
  const match = FORM.exec(text);
  if (match === null) throw illegalCharacters("timeZone", SHOWN);
  const [, sign, hours, minutes = "0"] = match;
  const size = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  const offset = sign === "-" ? -size : size;
  if (offset < -12 * HOUR_MS || offset > 14 * HOUR_MS) throw invalidValue("timeZone");
  return offset;
}
