import { type EpochMs, SECOND_MS } from "../../../core/time.ts";
import type { Queryable } from "./database.ts";

/** How far a replica is behind its primary. */
export interface ReplicaLag {
  /**
   * Asks both servers; resolves with the lag in ms, `Infinity` while it is unknown or the replica
   * does not answer. A primary that does not answer cannot be caught up with: the last figure holds.
   */
  measure(): Promise<number>;
}

/** Positions of the primary that are remembered: the lag is told up to as many measures back. */
const KEPT = 600;

/**
 * Compares positions in the write-ahead log: the replica is as old as the newest position of the
 * primary that it has replayed. (Its own clock of replayed transactions stands still while nothing
 * is written, and so does its idea of what it has received while the connection is gone.)
 */
export function createReplicaLag(
  primary: Queryable,
  replica: Queryable,
  now: () => EpochMs,
): ReplicaLag {
  let seen: { readonly at: EpochMs; readonly position: number }[] = [];
  let last = Infinity;

  return {
    async measure() {
      const at = now();
      const [written, replayed] = await Promise.all([
        position(primary, "pg_current_wal_flush_lsn()").catch(() => undefined),
        position(replica, REPLAYED).catch(() => undefined),
      ]);
      if (replayed === undefined) return last = Infinity;
      if (written === undefined) return last;
      seen = [...seen.slice(-KEPT), { at, position: written }];
      const reached = seen.findLast((one) => one.position <= replayed);
      last = reached === undefined ? Infinity : at - reached.at;
      if (reached?.at === at) last = 0;
      return last;
    },
  };
}

/** An endpoint of the provider's may lead to the primary itself. */
const REPLAYED =
  "case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end";

async function position(server: Queryable, lsn: string): Promise<number> {
  const [row] = await server.query<{ at: number }>(`select (${lsn} - '0/0')::float8 as at`);
  return row!.at;
}

/** Time between two measures, at least. */
export const MEASURE_MS = SECOND_MS;
