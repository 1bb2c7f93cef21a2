import type { EpochMs } from "../../../lib/core/time.ts";

/** One row of `/api/v3/klines`, field by field. */
export type KlineRow = [
  openTime: EpochMs,
  open: string,
  high: string,
  low: string,
  close: string,
  volume: string,
  closeTime: EpochMs,
  quoteAssetVolume: string,
  numberOfTrades: number,
  takerBuyBaseAssetVolume: string,
  takerBuyQuoteAssetVolume: string,
  ignore: string,
];

/** Positions of the fields in a row. */
export const FIELD = {
  openTime: 0,
  open: 1,
  high: 2,
  low: 3,
  close: 4,
  volume: 5,
  closeTime: 6,
  quoteAssetVolume: 7,
  numberOfTrades: 8,
  takerBuyBaseAssetVolume: 9,
  takerBuyQuoteAssetVolume: 10,
  ignore: 11,
} as const;

export function parseRow(text: string): KlineRow {
  return JSON.parse(text);
}

/** The row with both times in µs. */
export function inMicroseconds(row: KlineRow): KlineRow {
  const copy: KlineRow = [...row];
  copy[FIELD.openTime] *= 1000;
  copy[FIELD.closeTime] = copy[FIELD.closeTime] * 1000 + 999;
  return copy;
}

/** New values for some fields of a row; decimals as text, as they are to be sent. */
export interface KlineChange {
  readonly open?: string;
  readonly high?: string;
  readonly low?: string;
  readonly close?: string;
  readonly volume?: string;
  readonly closeTime?: EpochMs;
  readonly quoteAssetVolume?: string;
  readonly numberOfTrades?: number;
  readonly takerBuyBaseAssetVolume?: string;
  readonly takerBuyQuoteAssetVolume?: string;
}
