import { fileURLToPath } from "node:url";
import type { Logger } from "../ports/host.ts";
import { type Db, openDatabase } from "../store/postgres/connection/database.ts";
import { type Cluster, openCluster } from "../store/cluster/embedded_cluster.ts";
import { migrate } from "../store/postgres/migrate.ts";

/** A logger that keeps quiet. */
export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A database of a test file's own, on a real PostgreSQL. */
export interface TestDatabase {
  readonly db: Db;
  readonly url: string;
  close(): Promise<void>;
}

const MIGRATIONS = new URL("../../migrations/", import.meta.url);
/** Where the cluster of the tests lies. */
export const testDataDir = fileURLToPath(new URL("../../.data/test", import.meta.url));

let cluster: Promise<Cluster> | undefined;

/** The cluster that all test files share; it is started once and outlives a single file. */
export function testCluster(): Promise<Cluster> {
  return cluster ??= openCluster(testDataDir, silent);
}

/** Makes an empty database, migrated unless told otherwise. Call it at the top of a test file. */
export async function createTestDatabase({ isMigrated = true } = {}): Promise<TestDatabase> {
  const { url: adminUrl } = await testCluster();
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const admin = openDatabase({ url: adminUrl, log: silent, idleTimeoutMs: 0 });
  await admin.query(`create database ${name}`);
  const url = adminUrl.replace(/\/[^/]*$/, `/${name}`);
  const db = openDatabase({ url, log: silent, idleTimeoutMs: 0 });
  if (isMigrated) await migrate(db, MIGRATIONS);
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
