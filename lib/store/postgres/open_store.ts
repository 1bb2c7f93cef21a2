import type { DatabaseConfig } from "../../config.ts";
import { settlesWithin } from "../../core/deadline.ts";
import { AppError, describeError } from "../../core/errors.ts";
import type { EpochMs } from "../../core/time.ts";
import type { Logger } from "../../ports/host.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import {
  createConnectionBudget,
  exportShare,
  heavyShare,
  queryShare,
} from "./connection/connection_budget.ts";
import { type DatabaseOptions, type Db, openDatabase } from "./connection/database.ts";
import type { Cluster, ClusterControl } from "../cluster/embedded_cluster.ts";
import { lazyDatabase } from "./connection/lazy_database.ts";
import { createOutageLog, type OutageLog } from "./connection/outage_log.ts";
import { migrate } from "./migrate.ts";
import { createReadiness, type Readiness } from "./readiness.ts";
import { retryReads } from "./connection/retried_reads.ts";
import { setHistorySince } from "./terms_postgres.ts";
import { createReadDatabase, type ReadDatabase, type Servers } from "./connection/read_database.ts";

export interface StoreOptions {
  readonly database: DatabaseConfig;
  /** Address of a replica. */
  readonly databaseReadUrl: string | undefined;
  /** Connections to each server at most, those of exports included. */
  readonly databasePool: number;
  readonly dataDir: string;
  /** Gaps before this time are not recorded; 0: all are. */
  readonly historySince: EpochMs;
  /** On a hosted platform there is no disk for a server of our own, and every isolate has a pool. */
  readonly isHosted: boolean;
  /** A command runs once and prints its own failure. */
  readonly isCommand?: boolean;
  /** Folder of the migrations, with a slash at its end. */
  readonly migrations: URL;
  readonly now: () => number;
  readonly log: Logger;
  readonly telemetry: Telemetry;
}

export interface Store {
  /** For the collector and for what pages need at once. */
  readonly db: Db;
  /** For statements that read much: they must keep neither waiting. */
  readonly heavy: Db;
  /** Connections of the exports alone: slow readers must starve nobody. */
  readonly exports: Db;
  /** For whoever only reads; the same without a replica. */
  readonly reads: ReadDatabase;
  /** Tells whether the database can be read and written. */
  readonly ping: Readiness;
  /** Where the data lies; `undefined` on a server of the operator's. */
  locate(): Promise<string | undefined>;
  /**
   * Waits a moment for statements in progress, then ends their connections; the last process out
   * stops our own server, and waits for it for a moment, too.
   */
  close(): Promise<void>;
  /** Lets opening fail where it would take long; to be called before `close`. */
  cancelOpening(): void;
  /** Asks our own server to stop, without waiting, for a process that ends at once. */
  abandon(): void;
}

const REVIVE_WAIT_MS = 2_000;
/** A server that writes its last checkpoint for longer ends without being waited for. */
const STOP_MS = 1_200;

/** Free plans allow a few dozen connections, and a burst of visitors starts several isolates. */
const HOSTED_IDLE_MS = 5_000;
const NO_DATABASE =
  "Cannot use the database: DATABASE_URL is not set for this context; add it as a " +
  "secret, or attach a PostgreSQL database to the app";

/** Postgres of the operator's or our own, migrated; opened on first use. */
export function openStore(options: StoreOptions): Store {
  const { database, dataDir, isHosted, isCommand = false, migrations, now, log } = options;
  let cluster: Cluster | undefined;
  let control: ClusterControl | undefined;

  async function locate(): Promise<Pick<DatabaseOptions, "url" | "environment" | "revive">> {
    if (database.kind === "server") return database;
    if (isHosted) throw new AppError("store_unavailable", NO_DATABASE);
    // Only here: a deployment with its own Postgres need not even have the package.
    const { openCluster } = await import("../cluster/embedded_cluster.ts");
    cluster ??= await openCluster(dataDir, log, (own) => control = own).catch(toUnavailable);
    return { url: cluster.url, environment: { PGSSLMODE: "disable" }, revive: revive(cluster) };
  }

  /** Requests wait for a server of our own that is being started again, for a moment. */
  function revive(cluster: Cluster): () => Promise<void> {
    const { url } = cluster;
    return async () => {
      const reviving = cluster.revive();
      if (!await settlesWithin(reviving, REVIVE_WAIT_MS)) throw beingStarted();
      await reviving;
      if (cluster.url === url) return;
      for (const one of [db, exports, ownHeavy]) one.reopen();
      throw beingStarted();
    };
  }

  const pools = createPools(options);
  const outage = createOutageLog(log, { isCommand });
  const db = lazyDatabase(async () => {
    const opened = openDatabase({ ...await locate(), ...pools.queries });
    try {
      const applied = await migrate(opened, migrations);
      if (applied.length > 0) log.info(`Migrated the database: ${applied.join(", ")}`);
      await setHistorySince(opened, options.historySince);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }, { now, outage });
  const openBeside = (pool: DatabasePool) =>
    lazyDatabase(async () => {
      await db.open();
      return openDatabase({ ...await locate(), ...pool });
    }, { now, outage });
  const exports = openBeside(pools.exports);
  const ownHeavy = openBeside(pools.heavy);
  const heavy = pools.heavyOf({ own: ownHeavy, shared: db });

  const own = { db: retryReads(db), heavy: retryReads(heavy), exports: retryReads(exports) };
  const replica = options.databaseReadUrl === undefined
    ? undefined
    : openReplica(options.databaseReadUrl, outage, options);
  const reads: ReadDatabase = replica
    ? createReadDatabase(own, replica, options)
    : { ...own, lagMs: () => undefined };

  return {
    db,
    heavy,
    exports,
    reads,
    ping: createReadiness(db, { hasWriteFailed: () => outage.isFailing("writing") }),
    async locate() {
      if (database.kind === "server") return undefined;
      if (cluster === undefined) await db.open();
      return cluster?.folder;
    },
    async close() {
      outage.end();
      await Promise.all([exports, ownHeavy, db, replica].map((one) => one?.close()));
      if (cluster === undefined) control?.abandon(); // it may be starting
      else if (await settlesWithin(cluster.release(), STOP_MS)) control = undefined;
      else log.info("PostgreSQL is still writing its last checkpoint and stops after it");
    },
    cancelOpening: () => control?.cancel(),
    abandon: () => control?.abandon(),
  };
}

function beingStarted(): AppError {
  const message = "Cannot use the database: PostgreSQL is being started again";
  return new AppError("store_unavailable", message, { retryAfterMs: 2_000 });
}

/** What the system refuses while the server is made and started is no bug. */
function toUnavailable(error: unknown): never {
  if (error instanceof AppError || error instanceof TypeError) throw error;
  const message = `Cannot start the embedded database: ${describeError(error)}`;
  throw new AppError("store_unavailable", message, { cause: error });
}

function openReplica(
  url: string,
  primary: OutageLog,
  options: StoreOptions,
): Servers & { close(): Promise<void> } {
  const { database, isCommand = false, log, now } = options;
  const environment = database.kind === "server" ? database.environment : {};
  const pools = createPools(options);
  const outage = createOutageLog(log, { parent: primary, isCommand });
  const open = (pool: DatabasePool) =>
    lazyDatabase(
      () =>
        Promise.resolve().then(() =>
          openDatabase({ ...pool, url, environment, server: "replica" })
        ),
      { now, outage },
    );
  const [db, own, exports] = [open(pools.queries), open(pools.heavy), open(pools.exports)];
  return {
    db,
    heavy: pools.heavyOf({ own, shared: db }),
    exports,
    close: async () => void await Promise.all([db, own, exports].map((one) => one.close())),
  };
}

type DatabasePool = Pick<DatabaseOptions, "log" | "budget" | "statementTimeoutMs">;

/** Longer ones would go on in the server after their reader has given up. */
const HEAVY_STATEMENT_MS = 20_000;

/** Options of the pools of a server, which share its connections. */
function createPools({ databasePool, isHosted, now, log, telemetry }: StoreOptions) {
  const shared = createConnectionBudget(databasePool, now);
  const common = { log, telemetry, ...isHosted ? { idleTimeoutMs: HOSTED_IDLE_MS } : {} };
  return {
    queries: { ...common, budget: { shared, share: queryShare } },
    heavy: {
      ...common,
      budget: { shared, share: heavyShare },
      statementTimeoutMs: HEAVY_STATEMENT_MS,
    },
    exports: { ...common, budget: { shared, share: exportShare } },
    /** Where the server allows few connections, there is none of its own. */
    heavyOf({ own, shared: other }: { readonly own: Db; readonly shared: Db }): Db {
      const chosen = () => heavyShare(shared.total()) > 0 ? own : other;
      return {
        query: (sql, values) => chosen().query(sql, values),
        snapshot: (work) => chosen().snapshot(work),
        transaction: (work) => chosen().transaction(work),
        lend: () => chosen().lend(),
        close: () => own.close(),
      };
    },
  };
}
