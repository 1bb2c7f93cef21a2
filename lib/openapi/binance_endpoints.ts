import { z } from "zod";
import { INTERVALS } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import { PAGE_ROWS } from "../core/request_weight.ts";
import type { Endpoint } from "./endpoint.ts";

// Documented by Binance: github.com/binance/binance-spot-api-docs, rest-api.md. lib/binance_api
// parses the requests and answers with Binance's own messages.

const symbol = z.string().meta({ description: "In capitals", examples: ["BTCUSDT"] });
const symbols = z.string().meta({
  description: "JSON array; cannot be combined with `symbol`",
  examples: ['["BTCUSDT","ETHUSDT"]'],
});
const symbolStatus = z.enum(["TRADING", "HALT", "BREAK"]);

const klinesQuery = z.object({
  symbol,
  interval: z.enum(INTERVALS),
  startTime: z.string().optional().meta({
    description:
      "Epoch ms or µs, inclusive, compared with open times; returns the oldest rows since then",
    examples: ["1704067200000"],
  }),
  endTime: z.string().optional().meta({
    description: "Epoch ms or µs, inclusive, compared with open times",
    examples: ["1706745599999"],
  }),
  timeZone: z.string().optional().meta({
    description: "Candles are aligned to UTC; time zones that would shift them are an error",
    examples: ["0"],
  }),
  limit: z.string().optional().meta({
    description: `Default 500; values above ${PAGE_ROWS} are treated as ${PAGE_ROWS}`,
    examples: ["1000"],
  }),
});

const klineRow = z.tuple([
  z.int(),
  ...[z.string(), z.string(), z.string(), z.string(), z.string()] as const,
  z.int(),
  z.string(),
  z.int(),
  ...[z.string(), z.string(), z.string()] as const,
]);

const refusal = z.object({ code: z.int(), msg: z.string() }).meta({ id: "BinanceError" });

const weighed = {
  "X-MBX-USED-WEIGHT-1M": "Request weight used by this address in this minute",
};

const inSeries = ({ symbol, interval }: Series) => `symbol=${symbol}&interval=${interval}`;

const shared = {
  group: "Binance-compatible",
  headers: weighed,
  failureSchema: refusal,
} as const;

/** Routes that clients of Binance call; only their base URL changes. */
export const BINANCE_ENDPOINTS: readonly Endpoint[] = [
  {
    ...shared,
    path: "/api/v3/klines",
    summary: "Candles as Binance serves them",
    description:
      "Rows of twelve values. If the range includes the present, the last row is the open candle.",
    query: klinesQuery,
    answers: [{ type: "application/json", schema: z.array(klineRow) }],
    failures: [400, 405, 429, 503],
    example: inSeries,
  },
  {
    ...shared,
    path: "/api/v3/uiKlines",
    summary: "Same as klines",
    description: "Candles are not modified for charts.",
    query: klinesQuery,
    answers: [{ type: "application/json", schema: z.array(klineRow) }],
    failures: [400, 405, 429, 503],
    example: inSeries,
  },
  {
    ...shared,
    path: "/api/v3/exchangeInfo",
    summary: "The collected markets",
    description:
      "Status, assets and filters (PRICE_FILTER, LOT_SIZE, NOTIONAL, …) of each symbol as sent by " +
      "the exchange, including unknown filter types. Unknown bounds are omitted.",
    query: z.object({
      symbol: symbol.optional(),
      symbols: symbols.optional(),
      permissions: z.string().optional(),
      symbolStatus: symbolStatus.optional(),
      showPermissionSets: z.enum(["true", "false"]).optional(),
    }),
    answers: [{
      type: "application/json",
      schema: z.looseObject({
        timezone: z.string(),
        serverTime: z.int(),
        symbols: z.array(z.looseObject({ symbol: z.string(), status: z.string() })),
      }),
    }],
    failures: [400, 405, 429, 503],
  },
  {
    ...shared,
    path: "/api/v3/ticker/price",
    summary: "Latest price",
    description: "From the open candle, if available. Without `symbol`: all symbols.",
    query: z.object({
      symbol: symbol.optional(),
      symbols: symbols.optional(),
      symbolStatus: symbolStatus.optional(),
    }),
    answers: [{
      type: "application/json",
      schema: z.union([price(), z.array(price())]),
    }],
    failures: [400, 405, 429, 503],
    example: ({ symbol }) => `symbol=${symbol}`,
  },
  {
    ...shared,
    path: "/api/v3/ticker/24hr",
    summary: "Statistics of the last 24 hours",
    description:
      "Exact sums over the shortest collected interval below `1d` that has no pending candles, " +
      "including the open candle. The window starts at a candle's open time, so it exceeds 24 hours " +
      "by up to one interval; `openTime` and `closeTime` give its bounds. Candles lack some values: " +
      "`bidPrice`, `bidQty`, `askPrice`, `askQty` and `lastQty` are absent, `firstId` and `lastId` " +
      "are `-1`. Without `symbol`: all symbols with known statistics.",
    query: z.object({
      symbol: symbol.optional(),
      symbols: symbols.optional(),
      type: z.enum(["FULL", "MINI"]).optional().meta({
        description: "Default `FULL`; `MINI` omits changes, average and previous close",
      }),
      symbolStatus: symbolStatus.optional(),
    }),
    answers: [{
      type: "application/json",
      schema: z.union([dayTicker(), z.array(dayTicker())]),
    }],
    failures: [400, 405, 429, 503],
    example: ({ symbol }) => `symbol=${symbol}`,
    needs: INTERVALS.slice(0, INTERVALS.indexOf("1d")),
  },
  {
    ...shared,
    path: "/api/v3/avgPrice",
    summary: "Average price of the last five minutes",
    description:
      "Volume-weighted, from `1s` or `1m` candles including the open one; error -1020 if " +
      "neither is collected. `closeTime` is the end of the five minutes, which start at a candle's " +
      "open time.",
    query: z.object({ symbol }),
    answers: [{
      type: "application/json",
      schema: z.object({ mins: z.int(), price: z.string(), closeTime: z.int() }),
    }],
    failures: [400, 405, 429, 503],
    example: ({ symbol }) => `symbol=${symbol}`,
    needs: ["1s", "1m"],
  },
  {
    ...shared,
    path: "/api/v3/time",
    summary: "Clock of the exchange",
    description: "Determines when a candle has closed.",
    query: z.object({}),
    answers: [{ type: "application/json", schema: z.object({ serverTime: z.int() }) }],
    failures: [400, 405],
  },
  {
    ...shared,
    path: "/api/v3/ping",
    summary: "An empty object",
    description: "Responds while the server is running.",
    query: z.object({}),
    answers: [{ type: "application/json", schema: z.object({}) }],
    failures: [400, 405],
  },
];

function price() {
  return z.object({ symbol: z.string(), price: z.string() });
}

function dayTicker() {
  const decimal = z.string();
  return z.object({
    symbol: z.string(),
    priceChange: decimal.optional(),
    priceChangePercent: decimal.optional(),
    weightedAvgPrice: decimal.optional(),
    prevClosePrice: decimal.optional(),
    openPrice: decimal,
    highPrice: decimal,
    lowPrice: decimal,
    lastPrice: decimal,
    volume: decimal,
    quoteVolume: decimal,
    openTime: z.int(),
    closeTime: z.int(),
    firstId: z.int(),
    lastId: z.int(),
    count: z.int(),
  });
}
