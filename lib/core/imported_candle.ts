import type { Decimal } from "./decimal.ts";
import type { KlineColumn } from "./kline.ts";
import type { EpochMs } from "./time.ts";

/**
 * A candle of another program's file that is weaker than the exchange's: columns are missing, or
 * its numbers went through floats and lost digits. Missing columns are `undefined`, never invented.
 */
export interface ImportedCandle {
  readonly openTime: EpochMs;
  readonly openPrice: Decimal;
  readonly highPrice: Decimal;
  readonly lowPrice: Decimal;
  readonly closePrice: Decimal;
  /** In base asset; files of some charting sites have only the quote volume. */
  readonly volume: Decimal | undefined;
  readonly closeTime: EpochMs | undefined;
  readonly quoteAssetVolume: Decimal | undefined;
  readonly numberOfTrades: number | undefined;
  readonly takerBuyBaseAssetVolume: Decimal | undefined;
  readonly takerBuyQuoteAssetVolume: Decimal | undefined;
  /** True when its numbers were floats: zeros at the end are lost, and perhaps digits. */
  readonly isFloat: boolean;
}

const LACKING = [
  "volume",
  "close_time",
  "quote_asset_volume",
  "number_of_trades",
  "taker_buy_base_asset_volume",
  "taker_buy_quote_asset_volume",
] as const satisfies readonly KlineColumn[];

export type LackingColumn = typeof LACKING[number];

/** Columns that an imported candle can lack. */
export const LACKING_COLUMNS: readonly KlineColumn[] = LACKING;

/** Values of the column `source` in exports. */
export const CANDLE_SOURCES = ["exchange", "imported"] as const;

export type CandleSource = typeof CANDLE_SOURCES[number];
