import { z } from "zod";
import { INTERVALS } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import type { Endpoint } from "./endpoint.ts";

// As Binance documents them: github.com/binance/binance-spot-api-docs, rest-api.md. Requests are
// parsed by lib/binance_api, which answers in Binance's own words.

const symbol = z.string().meta({ description: "In capitals", examples: ["BTCUSDT"] });
const symbols = z.string().meta({
  description: "JSON array; not together with `symbol`",
  examples: ['["BTCUSDT","ETHUSDT"]'],
});
const symbolStatus = z.enum(["TRADING", "HALT", "BREAK"]);

const klinesQuery = z.object({
  symbol,
  interval: z.enum(INTERVALS),
  startTime: z.string().optional().meta({
    description: "Epoch ms or µs, inclusive, compared with open times: the oldest from there",
    examples: ["1704067200000"],
  }),
  endTime: z.string().optional().meta({
    description: "Epoch ms or µs, inclusive, compared with open times",
    examples: ["1706745599999"],
  }),
  timeZone: z.string().optional().meta({
    description: "Zones that would move the candles' borders are refused: they are in UTC",
    examples: ["0"],
  }),
  limit: z.string().optional().meta({
    description: "500 unless given; more than 1000 means 1000",
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
  "X-MBX-USED-WEIGHT-1M": "Request weight that this address has used in this minute",
};

const inSeries = ({ symbol, interval }: Series) => `symbol=${symbol}&interval=${interval}`;

const shared = {
  group: "Binance-compatible",
  headers: weighed,
  failureSchema: refusal,
} as const;

/** What Binance's clients ask for; they need no change but the base address. */
export const BINANCE_ENDPOINTS: readonly Endpoint[] = [
  {
    ...shared,
    path: "/api/v3/klines",
    summary: "Candles as Binance serves them",
    description: "Rows of twelve. The last row still moves when the range reaches the present.",
    query: klinesQuery,
    answers: [{ type: "application/json", schema: z.array(klineRow) }],
    failures: [400, 405, 429, 503],
    example: inSeries,
  },
  {
    ...shared,
    path: "/api/v3/uiKlines",
    summary: "The same as klines",
    description: "Candles are not adjusted for charts.",
    query: klinesQuery,
    answers: [{ type: "application/json", schema: z.array(klineRow) }],
    failures: [400, 405, 429, 503],
    example: inSeries,
  },
  {
    ...shared,
    path: "/api/v3/exchangeInfo",
    summary: "The markets that are kept here",
    description:
      "With the status, the assets and the filters (PRICE_FILTER, LOT_SIZE, NOTIONAL, …) that the " +
      "exchange states for each, unknown kinds included. A bound that is not known is left out.",
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
    summary: "The newest price",
    description: "Of a candle that moves, where the exchange shows one. Without `symbol` all.",
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
    summary: "What was traded in the last 24 hours",
    description:
      "Added up from the shortest candles kept below `1d` of which none is still to be " +
      "fetched, the moving one included, exactly. The window begins with a whole candle, so it is " +
      "wider than 24 hours by up to one interval: `openTime` and `closeTime` state it. Candles do " +
      "not tell everything: `bidPrice`, `bidQty`, `askPrice`, `askQty` and `lastQty` are absent, " +
      "`firstId` and `lastId` are `-1`. Without `symbol` all markets of which it is known.",
    query: z.object({
      symbol: symbol.optional(),
      symbols: symbols.optional(),
      type: z.enum(["FULL", "MINI"]).optional().meta({
        description: "`FULL` unless given; `MINI` has no changes, average and previous close",
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
    summary: "The average price of the last five minutes",
    description: "Weighted by volume, from candles of `1s` or `1m`, the moving one included; " +
      "refused with -1020 where neither is kept. `closeTime` is where the five minutes end; they " +
      "begin with a whole candle.",
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
    summary: "The exchange's clock",
    description: "It decides when a candle has closed.",
    query: z.object({}),
    answers: [{ type: "application/json", schema: z.object({ serverTime: z.int() }) }],
    failures: [400, 405],
  },
  {
    ...shared,
    path: "/api/v3/ping",
    summary: "An empty object",
    description: "Answers when the server runs.",
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
