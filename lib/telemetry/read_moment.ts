import type { BudgetReader } from "../ports/boards.ts";
import type { KlineReader } from "../ports/kline_reader.ts";
import type { ExchangeStatus } from "../ports/kline_source.ts";
import type { RollupReader } from "../ports/rollup_ledger.ts";
import type { StatusReader } from "../ports/status_reader.ts";
import type { MetricsQuery } from "../ports/telemetry.ts";
import type { Readings } from "./readings.ts";
import { SERIES_METRICS } from "./series_text.ts";

export interface MomentSources {
  readonly reader: KlineReader;
  readonly exchange: ExchangeStatus;
  readonly budget: BudgetReader;
  readonly status: Pick<StatusReader, "disputes">;
  readonly rollups: Pick<RollupReader, "proofs">;
  readonly live: { viewers(): number };
  readonly streams: () => Promise<Readings["streams"]>;
  readonly pingDatabase: () => Promise<void>;
  readonly pingKv: () => Promise<unknown>;
  /** Lag of the replica; `undefined` without one. */
  readonly lagMs: () => number | undefined;
  readonly lastSuccesses: () => Promise<Readings["successes"]>;
}

/**
 * Queries everything concurrently; a dependency that does not respond is down, and the rest is
 * reported.
 */
export async function readMoment(
  sources: MomentSources,
  query: MetricsQuery,
): Promise<Readings> {
  const { reader, exchange, budget, status, live, rollups } = sources;
  const wantsSeries = usesSeries(query);
  const isUp = (ping: Promise<unknown>) => ping.then(() => true, () => false);
  const [database, kv, series, disputes, proofs, successes, spent, streams] = await Promise.all([
    isUp(sources.pingDatabase()),
    isUp(sources.pingKv()),
    wantsSeries ? reader.coverage(query).catch(() => []) : [],
    wantsSeries && query.isPerSeries ? status.disputes().catch(() => []) : [],
    wantsSeries && query.isPerSeries ? rollups.proofs().catch(() => []) : [],
    sources.lastSuccesses().catch(() => []),
    budget.read().catch(() => undefined),
    sources.streams().catch(() => undefined),
  ]);
  const lagMs = sources.lagMs();
  return {
    up: {
      database,
      kv,
      exchange: exchange.read().failure === undefined,
      ...lagMs === undefined ? {} : { replica: Number.isFinite(lagMs) },
    },
    series,
    disputes,
    proofs,
    successes,
    budget: spent,
    streams,
    replicaLagMs: lagMs,
    viewers: live.viewers(),
    serverTime: exchange.serverTime(),
  };
}

const TOTALS = ["wick_series", "wick_candles", "wick_gaps", "wick_oldest_age_seconds"];

function usesSeries({ names }: MetricsQuery): boolean {
  return names === undefined || [...TOTALS, ...SERIES_METRICS].some((name) => names.has(name));
}
