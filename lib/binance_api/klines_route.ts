import { ApiError, invalidSymbol } from "../core/binance_params/api_error.ts";
import {
  isInSeconds,
  type KlinesRequest,
  readKlines,
} from "../core/binance_params/klines_params.ts";
import { AppError } from "../core/errors.ts";
import { endOf } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import { type KlineRowText, openTimeOfRow } from "../core/text/kline_row_text.ts";
import { type EpochMs, MAX_TIME } from "../core/time.ts";
import type { BinanceRoute } from "./binance_route.ts";
import type { Services } from "../http/define.ts";
import { requireHeld } from "../http/held.ts";

/** GET /api/v3/klines and /api/v3/uiKlines: stored candles, then those not stored yet. */
export const klinesRoute: BinanceRoute = {
  weight: () => 2,
  async answer({ params, unit, services }) {
    const request = readKlines(params);
    const { lastOpenTime } = await findHeld(services, request);
    if (isInSeconds(request)) return "[]";
    const rows = await readRows(services, request, lastOpenTime);
    return `[${(unit === "us" ? rows.map(toMicroseconds) : rows).join()}]`;
  },
};

/** @throws {ApiError} -1121 for a symbol, -1120 for an interval that wick does not keep */
async function findHeld(services: Services, series: Series) {
  try {
    return await requireHeld(services, series);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    throw error.param === "interval" ? new ApiError(-1120, "Invalid interval.") : invalidSymbol();
  }
}

/** `startTime` and `endTime` are inclusive, and may be fractions of a ms when given in µs. */
async function readRows(
  services: Services,
  request: KlinesRequest,
  lastOpenTime: EpochMs | undefined,
): Promise<KlineRowText[]> {
  const { symbol, interval, startTime, endTime, limit } = request;
  const from = startTime === undefined ? undefined : Math.min(MAX_TIME, Math.ceil(startTime));
  const to = endTime === undefined ? MAX_TIME : Math.min(MAX_TIME, Math.floor(endTime) + 1);
  const stored = await services.reader.rows({
    symbol,
    interval,
    to,
    limit,
    ...from === undefined ? {} : { from },
  });
  const isFull = from !== undefined && stored.length === limit;
  if (lastOpenTime === undefined || isFull || to <= endOf(lastOpenTime, interval)) return stored;
  const newest = Math.max(lastOpenTime, openTimeOf(stored.at(-1)));
  const open = await services.live.openRows({ symbol, interval }, { closedTo: newest });
  const rows = [
    ...stored,
    ...following(open, newest, interval).filter((row) => {
      const openTime = openTimeOfRow(row);
      return openTime >= (from ?? 0) && openTime < to;
    }),
  ];
  return from === undefined ? rows.slice(-limit) : rows.slice(0, limit);
}

const openTimeOf = (row: KlineRowText | undefined) => row === undefined ? 0 : openTimeOfRow(row);

/** The rows after open time `newest`, or none when rows between are missing: that is not a gap. */
export function following(
  rows: readonly KlineRowText[],
  newest: EpochMs,
  interval: Series["interval"],
): readonly KlineRowText[] {
  const later = rows.filter((row) => openTimeOfRow(row) > newest);
  return later.length > 0 && openTimeOfRow(later[0]!) > endOf(newest, interval) ? [] : later;
}

/** A close time of …999 ms is …999999 µs. */
function toMicroseconds(row: KlineRowText): KlineRowText {
  const fields = JSON.parse(row);
  fields[0] *= 1000;
  fields[6] = fields[6] * 1000 + (fields[6] % 1000 === 999 ? 999 : 0);
  return JSON.stringify(fields) as KlineRowText;
}
