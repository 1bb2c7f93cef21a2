import type { BudgetReader, ExchangeStatus, KlineReader } from "../ports.ts";
import type { Readings } from "./readings.ts";

export interface MomentSources {
  readonly reader: KlineReader;
  readonly exchange: ExchangeStatus;
  readonly budget: BudgetReader;
  readonly pingDatabase: () => Promise<void>;
  readonly pingKv: () => Promise<void>;
  /** How far the replica is behind; `undefined` without one. */
  readonly lagMs: () => number | undefined;
  readonly lastSuccesses: () => Promise<Readings["successes"]>;
}

/** Asks everything at once; what does not answer is down, and the rest is told all the same. */
export async function readMoment(sources: MomentSources): Promise<Readings> {
  const { reader, exchange, budget } = sources;
  const isUp = (ping: Promise<unknown>) => ping.then(() => true, () => false);
  const [database, kv, series, successes, spent] = await Promise.all([
    isUp(sources.pingDatabase()),
    isUp(sources.pingKv()),
    reader.coverage().catch(() => []),
    sources.lastSuccesses().catch(() => []),
    budget.read().catch(() => undefined),
  ]);
  const lagMs = sources.lagMs();
  return {
    up: {
      ...{ database, kv, exchange: exchange.read().failure === undefined },
      ...lagMs === undefined ? {} : { replica: Number.isFinite(lagMs) },
    },
    ...{ series, successes, budget: spent, replicaLagMs: lagMs },
    serverTime: exchange.serverTime(),
  };
}
