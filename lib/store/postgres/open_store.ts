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
  /** URL of a replica. */
  readonly databaseReadUrl: string | undefined;
  /** Most connections to each server, including those of exports. */
  readonly databasePool: number;
  readonly dataDir: string;
  /** Gaps before this time are not recorded; 0 records all. */
  readonly historySince: EpochMs;
  /** Hosted platforms have no disk for an embedded server, and each isolate has a pool. */
  readonly isHosted: boolean;
  /** A command runs once and prints its own failure. */
  readonly isCommand?: boolean;
  /** Folder of the migrations, with a trailing slash. */
  readonly migrations: URL;
  readonly now: () => number;
  readonly log: Logger;
  readonly telemetry: Telemetry;
}

export interface Store {
  /** For the collector and the short statements of pages. */
  readonly db: Db;
  /** For statements that read much, so that collector and pages do not wait for them. */
  readonly heavy: Db;
  /** For exports only, so that slow readers do not occupy other connections. */
  readonly exports: Db;
  /** For reading: the replica where there is one, otherwise the databases above. */
  readonly reads: ReadDatabase;
  /** Checks whether the database can be read and written. */
  readonly ping: Readiness;
  /** Folder of the embedded server's data; `undefined` with the operator's server. */
  locate(): Promise<string | undefined>;
  /**
   * Waits briefly for statements in progress, then closes all connections. The last process that
   * uses the embedded server stops it, and waits up to 1.2 s for it.
   */
  close(): Promise<void>;
  /** Makes a slow opening fail. Call it before `close`. */
  cancelOpening(): void;
  /** Asks the embedded server to stop without waiting, for a process that exits immediately. */
  abandon(): void;
}

const REVIVE_WAIT_MS = 2_000;
/**
 * Longest wait for the embedded server's last checkpoint. The server stops after it in any case.
 */
const STOP_MS = 1_200;

/** Free plans allow a few dozen connections, and a burst of requests starts several isolates. */
const HOSTED_IDLE_MS = 5_000;
const NO_DATABASE =
  "Cannot use the database: DATABASE_URL is not set for this context; add it as a " +
  "secret, or attach a PostgreSQL database to the app";

/**
 * Opens the operator's PostgreSQL or the embedded one on first use, and migrates it.
 *
 * @throws `store_unavailable` from every statement while the database cannot be used
 */
export function openStore(options: StoreOptions): Store {
  const { log, now, databaseReadUrl } = options;
  const outage = createOutageLog(log, { isCommand: options.isCommand ?? false });
  const pools = createPools(options, "database");
  const server = createServer(options, () => {
    for (const one of [db, exports, ownHeavy]) one.reopen();
  });
  const db = lazyDatabase(
    async () => prepare(openDatabase({ ...await server.locate(), ...pools.queries }), options),
    { now, outage },
  );
  const openBeside = (pool: DatabasePool) =>
    lazyDatabase(async () => {
      await db.open();
      return openDatabase({ ...await server.locate(), ...pool });
    }, { now, outage });
  const exports = openBeside(pools.exports);
  const ownHeavy = openBeside(pools.heavy);
  const heavy = pools.heavyOf({ own: ownHeavy, shared: db });

  const own = { db: retryReads(db), heavy: retryReads(heavy), exports: retryReads(exports) };
  const replica = databaseReadUrl === undefined
    ? undefined
    : openReplica(databaseReadUrl, outage, options);
  const reads: ReadDatabase = replica
    ? createReadDatabase(own, replica, options)
    : { ...own, lagMs: () => undefined };

  return {
    db,
    heavy,
    exports,
    reads,
    ping: createReadiness(db, {
      hasWriteFailed: () => outage.isFailing("writing"),
      refusal: pools.refusal,
    }),
    async locate() {
      if (server.isEmbedded && server.folder() === undefined) await db.open();
      return server.folder();
    },
    async close() {
      outage.end();
      await Promise.all([exports, ownHeavy, db, replica].map((one) => one?.close()));
      await server.close();
    },
    cancelOpening: server.cancel,
    abandon: server.abandon,
  };
}

/** Migrates a database that was just opened; closes it when that fails. */
async function prepare(
  opened: ReturnType<typeof openDatabase>,
  { migrations, historySince, log }: StoreOptions,
): Promise<ReturnType<typeof openDatabase>> {
  try {
    const applied = await migrate(opened, migrations);
    if (applied.length > 0) log.info(`Migrated the database: ${applied.join(", ")}`);
    await setHistorySince(opened, historySince);
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The server of `database`. The embedded one is started when it is first located. */
function createServer({ database, dataDir, isHosted, log }: StoreOptions, reopen: () => void) {
  let cluster: Cluster | undefined;
  let control: ClusterControl | undefined;

  /** Requests wait up to `REVIVE_WAIT_MS` for an embedded server that is being restarted. */
  function revive(cluster: Cluster): () => Promise<void> {
    const { url } = cluster;
    return async () => {
      const reviving = cluster.revive();
      if (!await settlesWithin(reviving, REVIVE_WAIT_MS)) throw beingStarted();
      await reviving;
      if (cluster.url === url) return;
      reopen();
      throw beingStarted();
    };
  }

  return {
    isEmbedded: database.kind !== "server",
    folder: () => cluster?.folder,
    async locate(): Promise<Pick<DatabaseOptions, "url" | "environment" | "revive">> {
      if (database.kind === "server") return database;
      if (isHosted) throw new AppError("store_unavailable", NO_DATABASE);
      // Imported only here: a deployment with its own PostgreSQL may lack the package.
      const { openCluster } = await import("../cluster/embedded_cluster.ts");
      cluster ??= await openCluster(dataDir, log, (own) => control = own).catch(toUnavailable);
      return { url: cluster.url, environment: { PGSSLMODE: "disable" }, revive: revive(cluster) };
    },
    async close(): Promise<void> {
      if (cluster === undefined) control?.abandon(); // it may still be starting
      else if (await settlesWithin(cluster.release(), STOP_MS)) control = undefined;
      else log.info("PostgreSQL is still writing its last checkpoint and stops after it");
    },
    cancel: () => control?.cancel(),
    abandon: () => control?.abandon(),
  };
}

function beingStarted(): AppError {
  const message = "Cannot use the database: PostgreSQL is restarting";
  return new AppError("store_unavailable", message, { retryAfterMs: 2_000 });
}

/** An operating system error while the server is created or started is not a bug. */
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
  const pools = createPools(options, "replica");
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

/** Longer statements would continue on the server after their client has gone. */
const HEAVY_STATEMENT_MS = 20_000;

/** Options of a server's pools, which share its connections. */
function createPools(
  { databasePool, isHosted, isCommand = false, now, log, telemetry }: StoreOptions,
  server: "database" | "replica",
) {
  const changes = isCommand ? { ...log, warn: log.debug, info: log.debug } : log;
  const shared = createConnectionBudget({ wanted: databasePool, now, log: changes, server });
  const common = { log, telemetry, ...isHosted ? { idleTimeoutMs: HOSTED_IDLE_MS } : {} };
  return {
    queries: { ...common, budget: { shared, share: queryShare } },
    heavy: {
      ...common,
      budget: { shared, share: heavyShare },
      statementTimeoutMs: HEAVY_STATEMENT_MS,
    },
    exports: { ...common, budget: { shared, share: exportShare } },
    refusal: shared.refusal,
    /** The pool for heavy statements, or the shared one where the server allows few connections. */
    heavyOf({ own, shared: other }: { readonly own: Db; readonly shared: Db }): Db {
      const hasOwn = () => heavyShare(shared.total()) > 0;
      async function use<T>(call: (db: Db) => Promise<T>): Promise<T> {
        if (!hasOwn()) return await call(other);
        try {
          return await call(own);
        } catch (error) {
          // The server has refused its connection, and the pool has none any more.
          if (!(error instanceof AppError && error.code === "busy") || hasOwn()) throw error;
          return await call(other);
        }
      }
      return {
        query: (sql, values) => use((db) => db.query(sql, values)),
        snapshot: (work) => use((db) => db.snapshot(work)),
        transaction: (work) => use((db) => db.transaction(work)),
        lend: () => use((db) => db.lend()),
        close: () => own.close(),
      };
    },
  };
}
