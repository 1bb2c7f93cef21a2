import { type EpochMs, SECOND_MS } from "../../../core/time.ts";
import type { Queryable } from "./database.ts";

/** Measures the lag of a replica behind its primary. */
export interface ReplicaLag {
  /**
   * Queries both servers; resolves with the lag in ms, `Infinity` while it is unknown or the
   * replica does not respond. While the primary does not respond, the last value stays valid.
   */
  measure(): Promise<number>;
}

/** Number of remembered positions of the primary, which limits the measurable lag. */
const KEPT = 600;

/**
 * Compares positions in the write-ahead log: the replica is as old as the newest position of the
 * primary that it has replayed. (Its own time of the last replayed transaction does not advance
 * while nothing is written, nor does its received position while it is disconnected.)
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

/** A provider's reader endpoint may lead to the primary itself. */
const REPLAYED =
  "case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end";

async function position(server: Queryable, lsn: string): Promise<number> {
  const [row] = await server.query<{ at: number }>(`select (${lsn} - '0/0')::float8 as at`);
  return row!.at;
}

/** Minimum time between two measurements. */
export const MEASURE_MS = SECOND_MS;
