/** A pool whose size follows what the server allows. */
export interface SizedPool {
  /** Connections, in use or idle. */
  count(): number;
  resize(size: number): void;
}

/** Divides the connections that one server allows among pools. */
export interface ConnectionBudget {
  /** Adds a pool. `share` is its part of `total` connections. */
  join(pool: SizedPool, share: (total: number) => number): void;
  /**
   * Records a rejected connection: reduces the total by one, but not below the connections in use.
   */
  shrink(): void;
  /** Connections that are known to be allowed. */
  total(): number;
}

/** Time after which the configured number is tried again. */
const RETRY_MS = 60_000;

/** Time between two refusals that count. */
const PAUSE_MS = 150;

export function createConnectionBudget(wanted: number, now: () => number): ConnectionBudget {
  const members: { pool: SizedPool; share: (total: number) => number }[] = [];
  let total = wanted;
  let shrunkAt = -Infinity;

  const resizeAll = () => members.forEach(({ pool, share }) => pool.resize(share(total)));
  return {
    join(pool, share) {
      members.push({ pool, share });
      pool.resize(share(total));
    },
    shrink() {
      if (now() - shrunkAt < PAUSE_MS) return; // rejections come in bursts
      const open = members.reduce((sum, { pool }) => sum + pool.count(), 0);
      total = Math.max(1, Math.min(total, Math.max(open, total - 1)));
      shrunkAt = now();
      resizeAll();
    },
    total() {
      if (total < wanted && now() - shrunkAt > RETRY_MS) {
        total = wanted;
        resizeAll();
      }
      return total;
    },
  };
}

const EXPORTS = 2;
/** From this number on, one connection is reserved for long statements. */
const PER_HEAVY = 5;

/** Exports hold connections as long as their clients read, so they never get all. */
export const exportShare = (total: number) => Math.min(EXPORTS, Math.floor(total / 2));
/** Share of heavy statements; with few connections they use the shared pool. */
export const heavyShare = (total: number) => Math.floor(total / PER_HEAVY);
export const queryShare = (total: number) => total - exportShare(total) - heavyShare(total);
