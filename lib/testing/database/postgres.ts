import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Logger } from "../../ports/host.ts";
import { type Db, openDatabase } from "../../store/postgres/connection/database.ts";
import { type Cluster, openCluster } from "../../store/cluster/embedded_cluster.ts";
import { migrate } from "../../store/postgres/migrate.ts";
import { withEngineRules } from "./engine_check.ts";

/** A logger without output. */
export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A test file's own database, on a real PostgreSQL. */
export interface TestDatabase {
  readonly db: Db;
  readonly url: string;
  close(): Promise<void>;
}

const MIGRATIONS = new URL("../../../migrations/", import.meta.url);
/** The cluster of a test file that runs alone, and of benchmarks, which need a durable one. */
export const testDataDir = fileURLToPath(new URL("../../../.data/tests", import.meta.url));

/** Address of a pooler through which the databases of tests are reached, `host:port`. */
export const TEST_POOLER = "WICK_TEST_POOLER";

/** Set by `run_tests.ts`: data folder of the run's cluster, which need not survive a crash. */
export const RUN_CLUSTER = "WICK_TEST_CLUSTER";

/** Full-page writes and WAL segments only cost time where nothing is recovered. */
const FAST = ["fsync = off", "full_page_writes = off", "synchronous_commit = off"];
/** Bounds the memory that the log takes. */
const SMALL = ["max_wal_size = '256MB'", "checkpoint_timeout = '1h'"];

let cluster: Promise<Cluster> | undefined;

/** The cluster that all test files share; it is started once and outlives a single file. */
export function testCluster(): Promise<Cluster> {
  return cluster ??= openCluster(Deno.env.get(RUN_CLUSTER) ?? testDataDir, silent);
}

/** Opens the cluster of a test run in `dataDir`. It would not survive a crash of the machine. */
export async function openRunCluster(dataDir: string): Promise<Cluster> {
  const cluster = await openCluster(dataDir, silent);
  const admin = openDatabase({ url: cluster.url, log: silent, idleTimeoutMs: 0 });
  for (const setting of [...FAST, ...SMALL]) await admin.query(`alter system set ${setting}`);
  await admin.query("select pg_reload_conf()");
  await admin.close();
  return cluster;
}

let template: Promise<string> | undefined;

/** Name of a migrated, empty template database: migrating takes five times as long as copying. */
async function findTemplate(admin: Db, adminUrl: string): Promise<string> {
  const name = `template_${await hashMigrations()}`;
  const known = await admin.query("select from pg_database where datname = $1", [name]);
  if (known.length > 0) return name;
  const draft = `template_draft_${randomName()}`;
  await admin.query(`create database ${draft}`);
  const db = openDatabase({ url: databaseUrl(adminUrl, draft), log: silent, idleTimeoutMs: 0 });
  await migrate(db, MIGRATIONS);
  await db.close();
  try {
    await admin.query(`alter database ${draft} rename to ${name}`);
  } catch {
    await admin.query(`drop database ${draft} with (force)`); // another process was faster
  }
  return name;
}

async function hashMigrations(): Promise<string> {
  const hash = createHash("sha256");
  const names = [...Deno.readDirSync(MIGRATIONS)].map(({ name }) => name).sort();
  for (const name of names) {
    hash.update(name).update(await Deno.readFile(new URL(name, MIGRATIONS)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Without fsync, copying the template's files takes an eighth of the CPU of logging its blocks. */
const copyStrategy = () => Deno.env.get(RUN_CLUSTER) === undefined ? "" : "strategy file_copy";

/**
 * Waits for a millisecond of the database's clock that is later than all that is stored, and
 * earlier than all that is stored after the call.
 */
export async function momentBetween(db: Db): Promise<number> {
  const now = async () => {
    const [row] = await db.query<{ now: number }>(
      "select date_trunc('milliseconds', clock_timestamp()) as now",
    );
    return row!.now;
  };
  const past = async (time: number) => {
    let later = await now();
    while (later <= time) later = await now();
    return later;
  };
  const moment = await past(await now());
  await past(moment);
  return moment;
}

/** Bytes of write-ahead log that the connections of a database have written, and no other ones. */
export async function walBytes(db: Db): Promise<number> {
  await db.query("select pg_stat_force_next_flush()"); // counts what this connection wrote
  const [row] = await db.query<{ bytes: string }>(
    `select sum((pg_stat_get_backend_wal(pid)).wal_bytes) as bytes
     from pg_stat_activity where datname = current_database()`,
  );
  return Number(row!.bytes);
}

const randomName = () => crypto.randomUUID().replaceAll("-", "");
const databaseUrl = (adminUrl: string, name: string) => adminUrl.replace(/\/[^/]*$/, `/${name}`);

/** Opens `count` connections now: one that a later test opens would count as its leak. */
export async function openConnections(db: Db, count: number): Promise<void> {
  const loans = await Promise.all(Array.from({ length: count }, () => db.lend()));
  for (const loan of loans) loan.release({ isBroken: false });
}

/** Creates an empty database, migrated by default. Call it at the top of a test file. */
export async function createTestDatabase({ isMigrated = true } = {}): Promise<TestDatabase> {
  const { url: adminUrl } = await testCluster();
  const name = `test_${randomName()}`;
  const admin = openDatabase({ url: adminUrl, log: silent, idleTimeoutMs: 0 });
  const source = isMigrated ? await (template ??= findTemplate(admin, adminUrl)) : "template1";
  await admin.query(`create database ${name} template ${source} ${copyStrategy()}`);
  const direct = databaseUrl(adminUrl, name);
  const pooler = Deno.env.get(TEST_POOLER);
  const url = pooler === undefined ? direct : direct.replace(/@[^/]*/, `@${pooler}`);
  const db = withEngineRules(openDatabase({ url, log: silent, idleTimeoutMs: 0 }));
  return {
    db,
    url,
    async close() {
      await db.close();
      await admin.query(`drop database ${name} with (force)`);
      await admin.close();
    },
  };
}
