import { parseTime } from "../core/time.ts";
import type { SeriesCoverage } from "../ports/kline_reader.ts";
import type { MetricsQuery } from "../ports/telemetry.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Readings } from "../telemetry/readings.ts";

export const now = parseTime("2025-06-15T10:20:00Z");

const series: SeriesCoverage = {
  symbol: "BTCUSDT",
  interval: "1h",
  baseAsset: "BTC",
  quoteAsset: "USDT",
  status: "TRADING",
  tickSize: "0.01",
  rows: 4_000,
  listedAt: undefined,
  importedRows: 0,
  offGrid: 0,
  firstOpenTime: parseTime("2025-01-01"),
  lastOpenTime: parseTime("2025-06-15T06:00:00Z"),
  gapCounts: { exchange_outage: 2 },
};

/** Readings with a value for every gauge. */
export const moment: Readings = {
  up: { database: true, kv: false, exchange: true },
  series: [series],
  disputes: [{ symbol: "BTCUSDT", interval: "1h", conflicts: 3, refusedFiles: 2 }],
  proofs: [{
    symbol: "BTCUSDT",
    interval: "1h",
    base: "1m",
    compared: 1_000,
    differing: 4,
    unexplained: 1,
    differences: [],
    isSettled: true,
    checkedAt: now,
  }],
  viewers: 5,
  successes: [{ job: "collect", at: parseTime("2025-06-15T10:00:05Z") }],
  budget: { used: 120, limit: 6_000, ban: { until: now + 30_000, reason: "418" } },
  streams: {
    intervals: ["1m"],
    series: 1_100,
    isComplete: false,
    connections: [
      { host: "wss://stream.example", streams: 550, isOpen: true },
      { host: "wss://stream.example", streams: 550, isOpen: false },
    ],
    stored: 990,
    refetched: 10,
    refused: 3,
    checked: 400,
    differing: 1,
    weight: 8,
    since: now - 60_000,
    updatedAt: now,
  },
  replicaLagMs: 1_500,
  serverTime: now,
};

/** All of the text of `/metrics`. */
export async function metricsText(metrics: Metrics, query?: MetricsQuery): Promise<string> {
  return [...(await metrics.text(query)).parts()].join("");
}
