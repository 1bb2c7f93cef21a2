import type { DatabaseConfig } from "../config.ts";
import { settlesWithin } from "../core/deadline.ts";
import { AppError } from "../core/errors.ts";
import type { EpochMs } from "../core/time.ts";
import type { Logger } from "../ports/host.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { type Db, openDatabase } from "./database.ts";
import type { Cluster, ClusterControl } from "./embedded_cluster.ts";
import { lazyDatabase } from "./lazy_database.ts";
import { migrate } from "./migrate.ts";
import { setHistorySince } from "./terms_postgres.ts";
import { createReadDatabase, type ReadDatabase, type Servers } from "./read_database.ts";

export interface StoreOptions {
  readonly database: DatabaseConfig;
  /** Address of a replica. */
  readonly databaseReadUrl: string | undefined;
  readonly dataDir: string;
  /** Gaps before this time are not recorded; 0: all are. */
  readonly historySince: EpochMs;
  /** On a hosted platform there is no disk for a server of our own, and every isolate has a pool. */
  readonly isHosted: boolean;
  /** Folder of the migrations, with a slash at its end. */
  readonly migrations: URL;
  readonly now: () => number;
  readonly log: Logger;
  readonly telemetry: Telemetry;
}

export interface Store {
  /** For everything but exports. */
  readonly db: Db;
  /** Connections of the exports alone: slow readers must starve nobody. */
  readonly exports: Db;
  /** For whoever only reads; the same without a replica. */
  readonly reads: ReadDatabase;
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

/** A server that writes its last checkpoint for longer ends without being waited for. */
const STOP_MS = 1_200;

const EXPORT_CONNECTIONS = 2;
/** Free plans allow a few dozen connections, and a burst of visitors starts several isolates. */
const HOSTED_POOL = { maxConnections: 3, idleTimeoutMs: 5_000 };
const NO_DATABASE =
  "Cannot use the database: DATABASE_URL is not set for this context; add it as a " +
  "secret, or attach a PostgreSQL database to the app";

/** Postgres of the operator's or our own, migrated; opened on first use. */
export function openStore(options: StoreOptions): Store {
  const { database, dataDir, isHosted, migrations, now, log, telemetry } = options;
  let cluster: Cluster | undefined;
  let control: ClusterControl | undefined;

  async function locate(): Promise<{ url: string | undefined; revive?: () => Promise<void> }> {
    if (database.kind === "server") return { url: database.url };
    if (isHosted) throw new AppError("store_unavailable", NO_DATABASE);
    // Only here: a deployment with its own Postgres need not even have the package.
    const { openCluster } = await import("./embedded_cluster.ts");
    cluster ??= await openCluster(dataDir, log, (own) => control = own);
    return { url: cluster.url, revive: cluster.revive };
  }

  const db = lazyDatabase(async () => {
    const opened = openDatabase({
      ...{ ...await locate(), log, telemetry },
      ...isHosted ? HOSTED_POOL : {},
    });
    try {
      const applied = await migrate(opened, migrations);
      if (applied.length > 0) log.info(`Migrated the database: ${applied.join(", ")}`);
      await setHistorySince(opened, options.historySince);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }, now);
  const exports = lazyDatabase(async () => {
    await db.open();
    const maxConnections = EXPORT_CONNECTIONS;
    return openDatabase({ ...await locate(), log, telemetry, maxConnections });
  }, now);

  const replica = options.databaseReadUrl === undefined
    ? undefined
    : openReplica(options.databaseReadUrl, options);
  const reads: ReadDatabase = replica
    ? createReadDatabase({ db, exports }, replica, options)
    : { db, exports, lagMs: () => undefined };

  return {
    db,
    exports,
    reads,
    async locate() {
      if (database.kind === "server") return undefined;
      if (cluster === undefined) await db.open();
      return cluster?.folder;
    },
    async close() {
      await Promise.all([exports, db, replica?.exports, replica?.db].map((one) => one?.close()));
      if (cluster === undefined) control?.abandon(); // it may be starting
      else if (await settlesWithin(cluster.release(), STOP_MS)) control = undefined;
      else log.info("PostgreSQL is still writing its last checkpoint and stops after it");
    },
    cancelOpening: () => control?.cancel(),
    abandon: () => control?.abandon(),
  };
}

function openReplica(url: string, { log, telemetry, isHosted }: StoreOptions): Servers {
  const own = { url, log, telemetry, server: "replica" } as const;
  return {
    db: openDatabase({ ...own, ...isHosted ? HOSTED_POOL : {} }),
    exports: openDatabase({ ...own, maxConnections: EXPORT_CONNECTIONS }),
  };
}
