/** Formats of candle files in the field, as `import --format` names them. */
export const FORMAT_IDS = [
  "wick",
  "cryptodatadownload",
  "yfinance",
  "gekko",
  "jesse",
  "freqtrade",
  "binance-api",
  "tradingview",
  "ohlcv",
] as const;

export type FormatId = typeof FORMAT_IDS[number];
