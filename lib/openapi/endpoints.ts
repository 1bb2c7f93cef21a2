import { z } from "zod";
import type { Series } from "../core/kline.ts";
import type { ExportFormat } from "../ports/kline_exporter.ts";
import {
  candlesQuerySchema,
  gapsQuerySchema,
  liveQuerySchema,
  noQuerySchema,
} from "../http/api_queries.ts";
import { capHistoryQuerySchema, capsQuerySchema } from "../http/cap_queries.ts";
import { EXPORT_FORMATS } from "../export/export_formats.ts";
import { exportQuerySchema } from "../export/export_query.ts";
import {
  candleColumns,
  exportedCandle,
  gapList,
  healthAnswer,
  marketCapHistory,
  marketCapList,
  readinessAnswer,
  seriesList,
} from "./answers.ts";
import { BINANCE_ENDPOINTS } from "./binance_endpoints.ts";
import type { Endpoint } from "./endpoint.ts";

const inSeries = ({ symbol, interval }: Series) => `symbol=${symbol}&interval=${interval}`;

/** Without its parameters, by which `binance` differs from `csv`. */
const mediaTypeOf = (format: ExportFormat) => EXPORT_FORMATS[format].mediaType.split(";")[0]!;

const formatAnswer = (format: ExportFormat) => ({
  type: mediaTypeOf(format),
  text: EXPORT_FORMATS[format].text,
});

/** Every address of the HTTP API, in the order of the documentation. */
export const ENDPOINTS: readonly Endpoint[] = [
  {
    path: "/export",
    group: "Candles",
    summary: "Closed candles as a stream",
    description: "The whole series, or a range `[from, to)` of it, oldest first, in constant " +
      "memory. Decimals have the exchange's digits. Gaps are absent rows; nothing is filled in. " +
      "Several series make one file that begins with the columns symbol and interval, or a zip. " +
      "`Range` is understood for CSV of a range that is over, sent without compression.",
    query: exportQuerySchema,
    answers: [
      formatAnswer("csv"),
      formatAnswer("ndjson"),
      { type: mediaTypeOf("json"), schema: z.array(exportedCandle) },
      formatAnswer("parquet"),
      { type: "application/zip", text: "A file for each series" },
      { type: "text/plain", text: "The SHA-256 of the file and its name" },
    ],
    headers: {
      "X-Wick-Next-Cursor": "Where to go on: the value of `after` for what comes after this answer",
      "X-Wick-Rows": "Number of candles in the answer",
      "X-Wick-Gaps": "Number of gaps that touch the range",
      "ETag": "Changes when any candle of the answer may have changed",
      "Content-Disposition": "A file name, such as ETHUSDT-4h.csv",
    },
    failures: [400, 404, 405, 416, 429, 503],
    example: (series) => `${inSeries(series)}&from=2024-01-01&to=2024-02-01`,
  },
  {
    path: "/api/candles",
    group: "Candles",
    summary: "Closed candles as columns, for charts",
    description: "Arrays of equal length, ascending by open time. Prices are JSON numbers: for " +
      "exact digits take `/export`.",
    query: candlesQuerySchema,
    answers: [{ type: "application/json", schema: candleColumns }],
    headers: { "ETag": "Changes when any candle of the answer may have changed" },
    failures: [400, 404, 405, 503],
    example: (series) => `${inSeries(series)}&limit=500`,
  },
  {
    path: "/api/live",
    group: "Candles",
    summary: "The moving candle and closes, as server-sent events",
    description:
      "`tick`: a candle that still moves, whenever it has changed. `close`: a candle that " +
      "is stored for good, once and in order; its `id` is its open time, and whoever comes back " +
      "with it as `Last-Event-ID` gets all later ones, up to a thousand. Data are rows of `/api/v3/klines`.",
    query: liveQuerySchema,
    answers: [{ type: "text/event-stream", text: "Events, and a comment every few seconds" }],
    failures: [400, 404, 405, 410, 429, 503],
    example: inSeries,
  },
  {
    path: "/api/series",
    group: "Data",
    summary: "What is held of every series, and how current it is",
    description: "Fresh: the newest closed candle is held, give or take two minutes. Late: it is " +
      "missing. Stale: so is the one after it. Ages do not change the entity tag.",
    query: noQuerySchema,
    answers: [{ type: "application/json", schema: seriesList }],
    failures: [400, 405, 429, 503],
  },
  {
    path: "/api/gaps",
    group: "Data",
    summary: "The gaps of a series, each with class and evidence",
    description: "A gap is a stretch `[from, to)` without candles between two that are held, " +
      "before the first, or after the last. Each is asked for again before it is believed.",
    query: gapsQuerySchema,
    answers: [{ type: "application/json", schema: gapList }],
    failures: [400, 404, 405, 429, 503],
    example: inSeries,
  },
  {
    path: "/api/market-caps",
    group: "Data",
    summary: "The newest market cap of each coin",
    description: "Price × circulating supply, largest first. Coins are named by CoinGecko's id: " +
      "tickers are not unique.",
    query: capsQuerySchema,
    answers: [
      { type: "application/json", schema: marketCapList },
      { type: "text/csv", text: "A header line, then a line a coin; digits as stored" },
    ],
    failures: [400, 405, 429, 503],
  },
  {
    path: "/api/market-caps/history",
    group: "Data",
    summary: "Market caps of each coin over time",
    description: "At equal steps up to now, from the snapshots. Before the first snapshot of a " +
      "coin (`recorded_from`) its first known supply × stored closes: a guide to its price, not " +
      "a record. `null` where nothing is known.",
    query: capHistoryQuerySchema,
    answers: [
      { type: "application/json", schema: marketCapHistory },
      { type: "text/csv", text: "A header line, then a line a coin and time" },
    ],
    failures: [400, 405, 429, 503],
  },
  ...BINANCE_ENDPOINTS,
  {
    path: "/healthz",
    group: "Operation",
    summary: "200 while the process lives",
    description: "Asks nothing of database or exchange.",
    query: noQuerySchema,
    answers: [{ type: "application/json", schema: healthAnswer }],
    failures: [405],
  },
  {
    path: "/readyz",
    group: "Operation",
    summary: "200 when database and KV can be used, else 503 with the reason",
    description:
      "Answers within 2 seconds. Not ready: no answer or no free connection within 1.2 s, a " +
      "database that is being started or cannot be written, a disk with less than 64 MB left. The " +
      "exchange, the clock and how fresh the series are do not count: they are in the body.",
    query: noQuerySchema,
    answers: [{ type: "application/json", schema: readinessAnswer }],
    failures: [405, 503],
    failureSchema: readinessAnswer,
  },
  {
    path: "/metrics",
    group: "Operation",
    summary: "Figures for Prometheus",
    description: "Series, gaps, runs, requests, bans, exports, and how long requests and " +
      "statements take. Counters are this process's own.",
    query: noQuerySchema,
    answers: [{ type: "text/plain", text: "Prometheus' text format" }],
    failures: [405],
  },
];
