import { z } from "zod";
import type { Series } from "../core/kline.ts";
import type { ExportFormat } from "../ports/kline_exporter.ts";
import {
  candlesQuerySchema,
  gapsQuerySchema,
  liveQuerySchema,
  noQuerySchema,
  symbolsQuerySchema,
} from "../http/queries/api_queries.ts";
import { metricsQuerySchema } from "../http/queries/metrics_query.ts";
import { seriesQuerySchema } from "../http/queries/series_query.ts";
import { capHistoryQuerySchema, capsQuerySchema } from "../http/queries/cap_queries.ts";
import { MAX_REPLAY } from "../http/last_event_id.ts";
import { universeQuerySchema } from "../http/queries/universe_query.ts";
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
  symbolList,
  universeAnswer,
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

/** All endpoints of the HTTP API, in the order of the documentation. */
export const ENDPOINTS: readonly Endpoint[] = [
  {
    path: "/export",
    group: "Candles",
    summary: "Closed candles as a stream",
    description: "A whole series or a range `[from, to)`, oldest first, streamed. " +
      "Decimals have the exchange's exact digits. Missing candles are absent rows; nothing is filled " +
      "in. Several series become one file with leading columns symbol and interval, or a zip. " +
      "`Range` requests work for uncompressed CSV of a past range.",
    query: exportQuerySchema,
    answers: [
      formatAnswer("csv"),
      formatAnswer("ndjson"),
      { type: mediaTypeOf("json"), schema: z.array(exportedCandle) },
      formatAnswer("parquet"),
      { type: "application/zip", text: "One file per series" },
      { type: "text/plain", text: "The SHA-256 of the file and its name" },
    ],
    headers: {
      "X-Wick-Rows": "Number of candles in the response",
      "X-Wick-Gaps": "Number of gaps that overlap the range",
      "ETag": "Changes when a candle in the response may have changed",
      "Content-Disposition": "A file name, such as ETHUSDT-4h.csv",
    },
    optionalHeaders: {
      "X-Wick-Next-Cursor":
        "Value of `after` for the next incremental export. Universes, derived " +
        "candles and files with imported candles have none",
      "X-Wick-Universe": "With `symbols=universe`: how many symbols of the day are stored, " +
        "such as 312 of 340",
      "X-Wick-Derived":
        "With `rollup=1`, if candles are derived: the shorter interval such as 1h, " +
        "or of several series a list such as ETHUSDT-4h=1h",
      "X-Wick-Imported": "With `imported=1`: number of imported candles",
    },
    failures: [400, 404, 405, 416, 429, 503],
    example: (series) => `${inSeries(series)}&from=2024-01-01&to=2024-02-01`,
  },
  {
    path: "/api/candles",
    group: "Candles",
    summary: "Closed candles as columns, for charts",
    description: "Arrays of equal length, ascending by open time. Prices are JSON numbers; use " +
      "`/export` for exact digits.",
    query: candlesQuerySchema,
    answers: [{ type: "application/json", schema: candleColumns }],
    headers: { "ETag": "Changes when a candle in the response may have changed" },
    failures: [400, 404, 405, 429, 503],
    example: (series) => `${inSeries(series)}&limit=500`,
  },
  {
    path: "/api/live",
    group: "Candles",
    summary: "Open and closed candles as server-sent events",
    description:
      "`tick`: the open candle, sent on every change. `close`: a closed and stored candle, sent once " +
      "and in order; its `id` is its open time. A client that reconnects with it as `Last-Event-ID` " +
      `receives all later ones, up to ${MAX_REPLAY}. Data are rows of \`/api/v3/klines\`.`,
    query: liveQuerySchema,
    answers: [{
      type: "text/event-stream",
      text: "Events, and a heartbeat comment every few seconds",
    }],
    failures: [400, 404, 405, 410, 429, 503],
    example: inSeries,
  },
  {
    path: "/api/series",
    group: "Data",
    summary: "Coverage and freshness of every series",
    description:
      "Fresh: the newest closed candle is stored, or closed less than two minutes ago. " +
      "Late: one candle is overdue. Stale: two or more are. Ages do not change the ETag.",
    query: seriesQuerySchema,
    answers: [{ type: "application/json", schema: seriesList }],
    optionalHeaders: { "Link": "With `limit`: the next page, if there is one" },
    failures: [400, 404, 405, 429, 503],
  },
  {
    path: "/api/symbols",
    group: "Data",
    summary: "The collected symbols with their prices, searched and paged",
    description:
      "In the order of SYMBOLS, the members of its groups by trading volume. With `search` " +
      "symbols that begin with the text come first, then coins whose name does.",
    query: symbolsQuerySchema,
    answers: [{ type: "application/json", schema: symbolList }],
    failures: [400, 405, 503],
    example: () => "search=bit&limit=10",
  },
  {
    path: "/api/gaps",
    group: "Data",
    summary: "The gaps of a series, each with class and evidence",
    description: "A gap is a range `[from, to)` without candles: between stored ones, before the " +
      "first, or after the last. An outage is recorded only after a second request.",
    query: gapsQuerySchema,
    answers: [{ type: "application/json", schema: gapList }],
    failures: [400, 404, 405, 429, 503],
    example: inSeries,
  },
  {
    path: "/api/universe",
    group: "Data",
    summary: "The symbols that were traded on a day, delisted ones included",
    description:
      "For backtests without survivorship bias: every symbol of the exchange, collected " +
      "or not, with the dates of its listing and delisting and the evidence for them. A name that " +
      "was used twice has the dates of its listing on that day. Empty before the first listing.",
    query: universeQuerySchema,
    answers: [
      { type: "application/json", schema: universeAnswer },
      { type: "text/csv", text: "A header line, then one line per symbol; times in ISO 8601" },
    ],
    headers: { "ETag": "Changes with the list" },
    failures: [400, 405, 429, 503],
    example: () => "at=2021-06-01&quote=USDT",
  },
  {
    path: "/api/market-caps",
    group: "Data",
    summary: "The newest market cap of each coin",
    description:
      "Price × circulating supply, largest first. Coins are identified by CoinGecko ID, " +
      "because tickers are not unique. `quote` converts prices and market caps; the answer then has " +
      "the rate and its source, and the CSV has a column `quote`.",
    query: capsQuerySchema,
    answers: [
      { type: "application/json", schema: marketCapList },
      { type: "text/csv", text: "A header line, then one line per coin; exact digits as stored" },
    ],
    failures: [400, 405, 429, 503],
  },
  {
    path: "/api/market-caps/history",
    group: "Data",
    summary: "Market caps of each coin over time",
    description: "Values at equal steps up to now, from snapshots. Values before a coin's first " +
      "snapshot (`recorded_from`) are estimates: first known supply × stored closes. `null` where " +
      "no value is known.",
    query: capHistoryQuerySchema,
    answers: [
      { type: "application/json", schema: marketCapHistory },
      { type: "text/csv", text: "A header line, then one line per coin and time" },
    ],
    failures: [400, 405, 429, 503],
  },
  ...BINANCE_ENDPOINTS,
  {
    path: "/healthz",
    group: "Operation",
    summary: "200 while the process is running",
    description: "Does not query the database or the exchange.",
    query: noQuerySchema,
    answers: [{ type: "application/json", schema: healthAnswer }],
    failures: [405],
  },
  {
    path: "/readyz",
    group: "Operation",
    summary: "200 if database and KV are usable, otherwise 503 with the reason",
    description:
      "Responds within 2 seconds. Not ready: no response or no free connection within 1.2 s, a " +
      "database that is starting or read-only, or less than 64 MB of free disk space. The exchange, " +
      "the clock and freshness are reported in the body and do not affect the status code.",
    query: noQuerySchema,
    answers: [{ type: "application/json", schema: readinessAnswer }],
    failures: [405, 503],
    failureSchema: readinessAnswer,
  },
  {
    path: "/metrics",
    group: "Operation",
    summary: "Metrics for Prometheus",
    description: "Series, gaps, runs, requests, bans, exports, and durations of requests and " +
      "statements. Counters cover this process only. Metrics named `wick_series_…` have a value " +
      "for each series; `wick_series`, `wick_candles`, `wick_gaps` and `wick_oldest_age_seconds` are " +
      "totals.",
    query: metricsQuerySchema,
    answers: [{ type: "text/plain", text: "Prometheus text format" }],
    failures: [400, 404, 405],
  },
];
