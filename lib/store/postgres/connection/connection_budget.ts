import type { Logger } from "../../../ports/host.ts";

/** A pool whose size follows what the server allows. */
export interface SizedPool {
  /** Connections, in use or idle. */
  count(): number;
  /** Connections that are being opened. */
  connecting(): number;
  resize(size: number): void;
}

/** Divides the connections that one server allows among pools. */
export interface ConnectionBudget {
  /** Adds a pool. `share` is its part of `total` connections. */
  join(pool: SizedPool, share: (total: number) => number): void;
  /** Records a rejected connection: reduces the total to those that are open. */
  shrink(reason: string): void;
  /** Records an accepted connection. */
  accept(): void;
  /** Connections that are known to be allowed. */
  total(): number;
  /** The server's reason for a connection that it has just rejected. */
  refusal(): string | undefined;
}

export interface BudgetOptions {
  /** Value of `DATABASE_POOL`. */
  readonly wanted: number;
  readonly now: () => number;
  readonly log: Logger;
  /** Name of the server for the log. */
  readonly server: "database" | "replica";
}

/** Pauses before one more connection is tried: they double while it is rejected. */
const RETRY_MS = { first: 1_000, most: 60_000 } as const;

/** Time between two refusals that count. */
const PAUSE_MS = 150;

/** Age up to which a refusal explains why no connection is free. */
const CURRENT_MS = 5_000;

export function createConnectionBudget(options: BudgetOptions): ConnectionBudget {
  const { wanted, now } = options;
  const members: { pool: SizedPool; share: (total: number) => number }[] = [];
  const report = createReport(options);
  let total = wanted;
  let changedAt = -Infinity;
  let retryMs: number = RETRY_MS.first;
  let isTrying = false;
  let refused = { at: -Infinity, reason: "" };

  const resize = (size: number) => {
    [total, changedAt] = [size, now()];
    members.forEach(({ pool, share }) => pool.resize(share(total)));
  };
  const count = (of: (pool: SizedPool) => number) =>
    members.reduce((sum, { pool }) => sum + of(pool), 0);
  return {
    join(pool, share) {
      members.push({ pool, share });
      pool.resize(share(total));
    },
    shrink(reason) {
      const isBurst = now() - refused.at < PAUSE_MS;
      refused = { at: now(), reason };
      const open = count((pool) => pool.count());
      const isExact = count((pool) => pool.connecting()) === 0;
      report.refused(open, { reason, isExact });
      if (isBurst) return;
      if (isTrying) retryMs = Math.min(RETRY_MS.most, 2 * retryMs);
      isTrying = false;
      resize(Math.min(total, Math.max(1, open, isExact ? 0 : total - 1)));
    },
    accept() {
      if (report.accepted(count((pool) => pool.count()))) retryMs = RETRY_MS.first;
    },
    total() {
      if (total < wanted && now() - changedAt > retryMs) {
        isTrying = true;
        resize(total + 1);
      }
      return total;
    },
    refusal: () => now() - refused.at < CURRENT_MS ? refused.reason : undefined,
  };
}

/** Logs each change of the number that the server allows; trying for more is no change. */
function createReport({ wanted, log, server }: BudgetOptions) {
  let known = wanted;
  const allows = (open: number) =>
    `The ${server} allows ${open} of the ${wanted} connections of DATABASE_POOL`;
  return {
    /** `isExact`: no other connection is being opened. */
    refused(open: number, { reason, isExact }: { reason: string; isExact: boolean }): void {
      // Without any connection the database is unavailable, which is logged as that.
      if (open === 0 || open >= known || (!isExact && known < wanted)) return;
      known = open;
      const exports = exportShare(open) > 0 ? "" : "; exports need two and are refused";
      log.warn(`${allows(open)}: ${reason}${exports} (wick keeps trying for more)`);
    },
    /** Returns whether the server allows more than before. */
    accepted(open: number): boolean {
      if (open <= known) return false;
      known = open;
      log.info(`${allows(open)} now`);
      return true;
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
