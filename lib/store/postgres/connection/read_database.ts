import { AppError } from "../../../core/errors.ts";
import { type EpochMs, SECOND_MS } from "../../../core/time.ts";
import type { Logger } from "../../../ports/host.ts";
import type { Db } from "./database.ts";
import { createReplicaLag, MEASURE_MS } from "./replica_lag.ts";

/** A database for reading, and the age of its data. */
export interface ReadDatabase {
  /** For short reads. Some servers do not reject writes here. */
  readonly db: Db;
  /** For statements that read much, so that they do not delay pages. */
  readonly heavy: Db;
  /** For exports. */
  readonly exports: Db;
  /** In ms; `undefined` without a replica, `Infinity` while it is unavailable. */
  lagMs(): number | undefined;
}

export interface Servers {
  readonly db: Db;
  readonly heavy: Db;
  readonly exports: Db;
}

/** Largest lag in ms of a replica that is used. */
const MAX_LAG_MS = 10 * SECOND_MS;
/** Age in ms up to which a measured lag is used without measuring again. */
const MAX_AGE_MS = 5 * SECOND_MS;

/**
 * Reads from the replica while its lag is small, otherwise from the primary. Statements that fail
 * on the replica (unreachable, or cancelled by replay) run on the primary. While the primary is
 * unreachable, the replica is used.
 */
export function createReadDatabase(
  primary: Servers,
  replica: Servers,
  { now, log }: { readonly now: () => EpochMs; readonly log: Logger },
): ReadDatabase {
  const lag = createReplicaLag(primary.db, replica.db, now);
  let state = { lagMs: Infinity, at: -Infinity, isUsed: false };
  let measuring: Promise<void> | undefined;

  async function measure(): Promise<void> {
    const lagMs = await lag.measure();
    const isUsed = lagMs <= MAX_LAG_MS;
    if (isUsed !== state.isUsed) {
      const facts = { lag_s: Number.isFinite(lagMs) ? Math.round(lagMs / SECOND_MS) : "unknown" };
      if (isUsed) log.info("Reading from the replica", facts);
      else log.warn("Reading from the primary: the replica lags behind", facts);
    }
    state = { lagMs, isUsed, at: now() };
  }

  async function isUsable(): Promise<boolean> {
    const age = now() - state.at;
    if (age >= MEASURE_MS) measuring ??= measure().finally(() => measuring = undefined);
    if (age >= MAX_AGE_MS) await measuring;
    return state.isUsed;
  }

  async function read<T>(work: (servers: Servers) => Promise<T>): Promise<T> {
    if (!await isUsable()) return await work(primary);
    try {
      return await work(replica);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "store_unavailable") throw error;
      log.debug(`A statement failed on the replica: ${error.message}`);
      return await work(primary);
    }
  }

  const side = (name: keyof Servers): Db => ({
    query: (sql, values) => read((servers) => servers[name].query(sql, values)),
    snapshot: (work) => read((servers) => servers[name].snapshot(work)),
    transaction: (work) => primary[name].transaction(work),
    lend: () => read(async (servers) => ({ ...await servers[name].lend(), server: servers.db })),
    close: () => Promise.resolve(), // its servers are owned by others
  });

  return {
    db: side("db"),
    heavy: side("heavy"),
    exports: side("exports"),
    lagMs: () => state.lagMs,
  };
}
