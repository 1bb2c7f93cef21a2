import assert from "node:assert/strict";
import { openExportFile } from "../../../export/export_file.ts";
import { HOSTILE_SETTINGS } from "../../../testing/fuzz/hostile_settings.ts";
import { klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase, silent, testCluster } from "../../../testing/database/postgres.ts";
import { waitFor } from "../../../testing/server_process.ts";
import { openTransactionPooler } from "../../../testing/database/transaction_pooler.ts";
import { createConnectionBudget, exportShare, queryShare } from "./connection_budget.ts";
import { type Db, openDatabase } from "./database.ts";
import { createKlineExporter } from "../reading/export_postgres.ts";
import { createGapLedger } from "../writing/gaps_postgres.ts";
import { createKlineStore } from "../writing/klines_postgres.ts";
import { migrate } from "../migrate.ts";
import { createKlineReader } from "../reading/read_postgres.ts";
import { createRunLedger } from "../status/runs_postgres.ts";

const MIGRATIONS = new URL("../../../../migrations/", import.meta.url);
const { url: adminUrl } = await testCluster();
const admin = openDatabase({ url: adminUrl, log: silent, idleTimeoutMs: 0 });
Deno.test.afterAll(() => admin.close());

/** An empty database with its own owner role, as hosting providers create them. */
async function createForeignDatabase({ attributes = "login", database = "" } = {}) {
  const role = `role_${crypto.randomUUID().replaceAll("-", "")}`;
  await admin.query(`create role ${role} ${attributes} password 'secret'`);
  await admin.query(`create database ${role} ${database || `owner ${role}`}`);
  const url = adminUrl.replace(/\/\/.*@/, `//${role}:secret@`).replace(/\/[^/]*$/, `/${role}`);
  return {
    role,
    url,
    async close() {
      await admin.query(`drop database ${role} with (force)`);
      await admin.query(`drop role ${role}`);
    },
  };
}

/** Creates a small store through `url`, and returns everything that can be read back. */
async function readBack(url: string): Promise<unknown> {
  const options = { url, log: silent };
  const [db, exports] = [openDatabase(options), openDatabase({ ...options, maxConnections: 2 })];
  try {
    await migrate(db, MIGRATIONS);
    const store = createKlineStore(db);
    await store.saveSymbols([marketSymbol("BTCUSDT")]);
    const runs = createRunLedger(db);
    const run = await runs.start("test", "rest");
    const series = { symbol: "BTCUSDT", interval: "1h" } as const;
    const klines = klinesFrom("2024-01-01", "1h", 3_000).toSpliced(500, 3);
    const written = [
      await store.write(series, klines, run),
      await store.write(series, klines, run),
    ];
    const query = { series: [series], format: "csv", time: "iso" } as const;
    const file = await openExportFile(createKlineExporter(db, exports), query);
    const csv = await new Response(file.bytes()).text();
    const [row] = await db.query<{ now: number; next: number }>(
      "select now() as now, '2024-03-30T20:00Z'::timestamptz + interval '1 day' as next",
    );
    assert.ok(Math.abs(row!.now - Date.now()) < 60_000, `${row!.now}`);
    return {
      written,
      csv,
      next: row!.next,
      gaps: await createGapLedger(db).list({}),
      extents: await createKlineReader(db).extents(),
    };
  } finally {
    await Promise.all([db.close(), exports.close()]);
  }
}

async function readBackPlain(): Promise<unknown> {
  const { url, close } = await createTestDatabase({ isMigrated: false });
  try {
    return await readBack(url);
  } finally {
    await close();
  }
}

for (const isPooled of [false, true]) {
  const way = isPooled ? "through a pooler in transaction mode" : "directly";
  Deno.test(`defaults of a role do not affect stored and exported data, ${way}`, async () => {
    const foreign = await createForeignDatabase();
    for (const [name, value] of Object.entries(HOSTILE_SETTINGS)) {
      const text = name === "DateStyle" ? value : `'${value}'`;
      await admin.query(`alter role ${foreign.role} set ${name} = ${text}`);
    }
    const pooler = isPooled ? openTransactionPooler(Number(new URL(adminUrl).port)) : undefined;
    try {
      const url = new URL(foreign.url);
      if (pooler) url.port = String(pooler.port);
      assert.deepEqual(await readBack(url.href), await readBackPlain());
    } finally {
      await pooler?.close();
      await foreign.close();
    }
  });
}

Deno.test("tables are found in their schema after the search path has changed", async () => {
  const foreign = await createForeignDatabase();
  const owner = openDatabase({ url: foreign.url, log: silent });
  await owner.query("create schema candles");
  await owner.close();
  const before = `alter role ${foreign.role} set search_path`;
  await admin.query(`${before} = candles`);
  await readBack(foreign.url);
  await admin.query(`${before} = '$user', public`);
  const later = openDatabase({ url: foreign.url, log: silent });
  assert.deepEqual(await migrate(later, MIGRATIONS), [], "no second set of tables");
  assert.deepEqual(await later.query("select count(*) as rows from klines"), [{ rows: 2_997 }]);
  await later.close();
  await foreign.close();
});

async function failureOf(work: (db: Db) => Promise<unknown>, url: string): Promise<string> {
  const db = openDatabase({ url, log: silent });
  try {
    await work(db);
    return "no failure";
  } catch (error) {
    assert.equal((error as { code?: string }).code, "store_unavailable", String(error));
    return (error as Error).message;
  } finally {
    await db.close();
  }
}

Deno.test("each failure is described in one sentence with advice", async () => {
  const ask = (db: Db) => db.query("select 1");
  const foreign = await createForeignDatabase();
  const closed = await createForeignDatabase({ attributes: "nologin" });
  const other = await createForeignDatabase({ database: "owner wick" });
  const latin = await createForeignDatabase({
    database: "encoding LATIN1 locale_provider libc locale 'C' template template0",
  });
  const { host } = new URL(adminUrl);
  const at = (replaced: RegExp, by: string) => foreign.url.replace(replaced, by);
  for (
    const [url, expected] of [
      [at(/secret/, "wrong"), /password authentication failed.*correct the password/],
      [at(/:secret/, ""), /requires a password for user "role_\w+", and none is set; put it into/],
      [
        at(/[^/]*$/, "missing"),
        /database "missing" does not exist; create it \(createdb .* missing\)/,
      ],
      [at(/127.0.0.1:\d+/, "127.0.0.1:1"), /ECONNREFUSED.*no server listens on 127.0.0.1:1/],
      [at(/127.0.0.1/, "no.such.host.invalid"), /check the host's name in DATABASE_URL/],
      [closed.url, /not permitted to log in; check the role/],
      [latin.url, /encoding LATIN1.*createdb --encoding=UTF8/],
      [`${foreign.url}?sslmode=require`, /does not support SSL.*sslmode=disable/],
      [`${foreign.url}?target_session_attrs=standby`, /the server is not standby/],
    ] as const
  ) {
    assert.match(await failureOf(ask, url), expected);
  }
  const migrateIt = (db: Db) => migrate(db, MIGRATIONS);
  assert.match(
    await failureOf(migrateIt, other.url),
    new RegExp(`\\(${host}\\): permission denied for schema public; .*GRANT CREATE, USAGE ON`),
  );
  for (const one of [foreign, closed, other, latin]) await one.close();
});

/** A server without TLS that trusts every client. */
async function trust(connection: Deno.Conn): Promise<void> {
  const message = new Uint8Array(1_024);
  if (await connection.read(message) === 8) { // SSLRequest
    await connection.write(new TextEncoder().encode("N"));
    await connection.read(message);
  }
  // Authentication succeeded; ready for a query.
  await connection.write(Uint8Array.of(0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49));
  while (await connection.read(message).catch(() => null) !== null);
  connection.close();
}

Deno.test("channel_binding=require rejects a server that asks for no authentication", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = (async () => {
    for await (const connection of listener) await trust(connection);
  })();
  const { port } = listener.addr as Deno.NetAddr;
  const url = `postgres://u:p@127.0.0.1:${port}/wick?channel_binding=require`;
  const failure = await failureOf((db) => db.query("select 1"), url);
  assert.match(failure, /does not offer channel binding/);
  listener.close();
  await served;
});

Deno.test("with three connections allowed, queries and exports share them; later more are used", async () => {
  const foreign = await createForeignDatabase({ attributes: "login connection limit 3" });
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const log = { ...silent, warn: say, info: say };
  const shared = createConnectionBudget({ wanted: 5, now: Date.now, log, server: "database" });
  const own = { url: foreign.url, log: silent };
  const db = openDatabase({ ...own, budget: { shared, share: queryShare } });
  const exports = openDatabase({ ...own, budget: { shared, share: exportShare } });
  const borrow = async () => {
    const loan = await exports.lend();
    await loan.query("select pg_sleep(0.1)");
    loan.release({ isBroken: false });
  };
  const load = () =>
    Promise.all([
      ...Array.from({ length: 10 }, () => db.query("select pg_sleep(0.05)")),
      ...Array.from({ length: 3 }, borrow),
    ]);
  await load();
  await load();
  const total = shared.total();
  assert.ok(total >= 1 && total <= 4, `${total}`);
  assert.match(
    lines[0]!,
    /^The database allows [123] of the 5 connections .*: too many connections/,
  );
  assert.ok(lines.length <= 3, lines.join("\n"));
  await admin.query(`alter role ${foreign.role} connection limit -1`);
  await waitFor(async () => {
    await load();
    return shared.total() === 5;
  });
  await load();
  assert.match(lines.at(-1)!, /^The database allows [45] of the 5 .* now$/, lines.join("\n"));
  await Promise.all([db.close(), exports.close()]);
  await foreign.close();
});
