import type { Kline } from "../core/kline.ts";
import { type EpochMs, isMicroseconds } from "../core/time.ts";
import { isKlineRow, type KlineRow, klinesSchema } from "./binance_schema.ts";
import { parsePayload } from "./parse_payload.ts";

/**
 * Checks the rows of GET /api/v3/klines.
 * @throws `bad_payload` naming `what` and the invalid field
 */
export function parseKlineRows(json: unknown, what: string): readonly KlineRow[] {
  const isValid = Array.isArray(json) && json.every(isKlineRow);
  return isValid ? json : parsePayload(klinesSchema, json, what);
}

/** Converts a checked row of the API or archive to a `Kline`. */
export function toKline(row: KlineRow): Kline {
  return {
    openTime: toMs(row[0]),
    openPrice: row[1],
    highPrice: row[2],
    lowPrice: row[3],
    closePrice: row[4],
    volume: row[5],
    closeTime: toMs(row[6]),
    quoteAssetVolume: row[7],
    numberOfTrades: row[8],
    takerBuyBaseAssetVolume: row[9],
    takerBuyQuoteAssetVolume: row[10],
  };
}

/** The archive changed from ms to µs on 2025-01-01. */
export function toMs(stamp: number): EpochMs {
  return isMicroseconds(stamp) ? Math.floor(stamp / 1000) : stamp;
}

/** Sources are ordered and without duplicates; of duplicates the last one counts. */
export function toAscending(klines: readonly Kline[]): readonly Kline[] {
  const isAscending = klines.every((k, i) => i === 0 || k.openTime > klines[i - 1]!.openTime);
  if (isAscending) return klines;
  const byOpenTime = new Map(klines.map((kline) => [kline.openTime, kline]));
  return [...byOpenTime.values()].sort((a, b) => a.openTime - b.openTime);
}
