import type { ChartType } from "../../core/chart_address.ts";

/** Names of the types, as choices. */
export const TYPE_NAME: Record<ChartType, string> = {
  candles: "Candles",
  hollow: "Hollow candles",
  bars: "OHLC bars",
  heikin: "Heikin-Ashi",
  line: "Line",
  area: "Area",
  baseline: "Baseline",
};

/** Names of charts of each type. */
export const CHART_NAME: Record<ChartType, string> = {
  candles: "Candlestick chart",
  hollow: "Hollow candlestick chart",
  bars: "OHLC bar chart",
  heikin: "Heikin-Ashi chart",
  line: "Line chart",
  area: "Area chart",
  baseline: "Baseline chart",
};
