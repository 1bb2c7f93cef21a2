import { createHash } from "node:crypto";
import { AppError } from "../../core/errors.ts";
import type { Db, Transaction } from "./connection/database.ts";

/** One file of `migrations/`: `0001_klines.sql`. */
interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** An advisory lock number that other programs in the database are unlikely to use. */
const LOCK_KEY = 0x77_69_63_6b; // "wick"

/**
 * Applies every new file of `folder` in order, each in its own transaction, one process at a time.
 * A repeat does nothing.
 *
 * @throws `store_unavailable` when an applied file has changed, is missing here, or fails
 */
export async function migrate(db: Db, folder: URL): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const applied: string[] = [];
  await db.transaction(createLedger);
  for (const migration of migrations) {
    if (await db.transaction((tx) => applyOnce(tx, migration))) applied.push(migration.name);
  }
  await db.transaction((tx) => refuseStrangers(tx, migrations));
  return applied;
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = [...Deno.readDirSync(folder)].map((entry) => entry.name);
  const files = names.filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  return await Promise.all(files.map(async (name) => {
    return { name, sql: await Deno.readTextFile(new URL(name, folder)) };
  }));
}

async function createLedger(tx: Transaction): Promise<void> {
  await lock(tx);
  await tx.query(`
    create table if not exists schema_migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`);
}

/**
 * Citus refuses to create a function after a change of a distributed table in the same transaction,
 * unless it changes the parts of tables one after another. Other servers ignore the setting.
 */
const SEQUENTIAL = "set local citus.multi_shard_modify_mode = 'sequential'";

async function applyOnce(tx: Transaction, { name, sql }: Migration): Promise<boolean> {
  await lock(tx);
  const checksum = createHash("sha256").update(sql).digest("hex");
  const [known] = await tx.query<{ checksum: string }>(
    "select checksum from schema_migrations where name = $1",
    [name],
  );
  if (known) {
    if (known.checksum === checksum) return false;
    throw new AppError(
      "store_unavailable",
      `Cannot migrate the database: ${name} was changed after it had been applied`,
    );
  }
  await tx.query(SEQUENTIAL);
  // Citus passes the text of some statements on to its nodes, which take one at a time.
  for (const statement of splitStatements(sql)) await tx.client.query(statement);
  await tx.query("insert into schema_migrations (name, checksum) values ($1, $2)", [
    name,
    checksum,
  ]);
  return true;
}

/**
 * A database with unknown migrations belongs to a newer wick, and writing to it could lose data.
 */
async function refuseStrangers(tx: Transaction, migrations: readonly Migration[]): Promise<void> {
  const [newer] = await tx.query<{ name: string }>(
    "select name from schema_migrations where name <> all($1) limit 1",
    [migrations.map(({ name }) => name)],
  );
  if (!newer) return;
  throw new AppError(
    "store_unavailable",
    `Cannot use the database: it has migration ${newer.name}, which this version of wick lacks`,
  );
}

async function lock(tx: Transaction): Promise<void> {
  await tx.query("select pg_advisory_xact_lock($1)", [LOCK_KEY]);
}

/** Comments, strings, bodies of functions, the ends of statements, and everything between them. */
const TOKEN = new RegExp(
  [
    /--[^\n]*|\/\*.*?\*\//,
    /'(?:[^']|'')*'|"[^"]*"/,
    /\$(?<tag>[a-z]*)\$.*?\$\k<tag>\$/,
    /;|[^;'"$/-]+|./,
  ].map(({ source }) => source).join("|"),
  "gs",
);

/** The statements of a file, without those that are comments only. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let text = "";
  let isEmpty = true;
  for (const [token] of `${sql}\n;`.matchAll(TOKEN)) {
    if (token !== ";") {
      text += token;
      isEmpty &&= token.trim() === "" || /^(--|\/\*)/.test(token);
      continue;
    }
    if (!isEmpty) statements.push(text.trim());
    text = "";
    isEmpty = true;
  }
  return statements;
}
