import assert from "node:assert/strict";
import { parseDecimal } from "../../core/decimal.ts";
import { openExportFile } from "../../export/export_file.ts";
import { klinesFrom, marketSymbol } from "../../testing/klines.ts";
import { createTestDatabase, silent } from "../../testing/database/postgres.ts";
import { testUnless } from "../../testing/programs.ts";
import { makeScratchFolder } from "../../testing/scratch_folder.ts";
import { openCluster } from "../cluster/embedded_cluster.ts";
import { type Db, openDatabase } from "./connection/database.ts";
import { createKlineExporter } from "./reading/export_postgres.ts";
import { createGapLedger } from "./writing/gaps_postgres.ts";
import { createKlineStore } from "./writing/klines_postgres.ts";
import { migrate } from "./migrate.ts";
import { createKlineReader } from "./reading/read_postgres.ts";
import { createRunLedger } from "./status/runs_postgres.ts";
import { createStatusReader } from "./status/status_postgres.ts";

// The statements of docs/scaling.md, run as a reader would run them: one table over two servers.
const docs = await Deno.readTextFile(new URL("../../../docs/scaling.md", import.meta.url));
const [SPLIT] = [...docs.matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => sql!)
  .filter((sql) => sql.includes("postgres_fdw"));

const near = await createTestDatabase();
Deno.test.afterAll(near.close);
const found = await near.db.query(
  "select from pg_available_extensions where name = 'postgres_fdw'",
);
const missing = found.length > 0 ? undefined : "this PostgreSQL lacks postgres_fdw";

/** A second server with an empty, migrated database. */
async function startSecond() {
  const folder = await makeScratchFolder("wick-second-");
  const cluster = await openCluster(folder, silent);
  const db = openDatabase({ url: cluster.url, log: silent, idleTimeoutMs: 0 });
  await migrate(db, new URL("../../../migrations/", import.meta.url));
  return {
    db,
    url: new URL(cluster.url),
    async close() {
      await db.close();
      await cluster.release();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The documented statements, with the address of a real server. */
function splitTo({ hostname, port, pathname, username, password }: URL): string {
  return SPLIT!.replace("'10.0.0.2'", `'${hostname}'`).replace("'5432'", `'${port}'`)
    .replace("dbname 'wick'", `dbname '${pathname.slice(1)}'`)
    .replace("user 'wick'", `user '${username}'`).replace("'secret'", `'${password}'`);
}

const SYMBOLS = ["AUSDT", "BUSDT", "CUSDT", "DUSDT", "EUSDT", "FUSDT"];

/** Results of writing, correcting and reading back six symbols in two intervals. */
async function writeAndRead(db: Db) {
  const store = createKlineStore(db);
  const reader = createKlineReader(db);
  const ledger = createGapLedger(db);
  const runs = createRunLedger(db);
  await store.saveSymbols(SYMBOLS.map((symbol) => marketSymbol(symbol)));
  const run = await runs.start("test", "rest");
  const archive = await runs.start("test", "monthly");
  const results = [];
  for (const [n, symbol] of SYMBOLS.entries()) {
    for (const interval of ["1m", "1h"] as const) {
      const series = { symbol, interval };
      const klines = klinesFrom("2024-01-01", interval, 300 + n);
      await store.openSeries(series);
      const changed = { ...klines[7]!, volume: parseDecimal("5.0") };
      const disputed = { ...klines[8]!, volume: parseDecimal("6.0") };
      const written = [
        await store.write(series, klines.toSpliced(100, 3), run),
        await store.write(series, klines.toSpliced(100, 3), run),
        await store.write(series, [changed], run),
        await store.write(series, [disputed], archive),
      ];
      await ledger.scan(series);
      const query = { series: [series], format: "csv", time: "iso" } as const;
      const file = await openExportFile(createKlineExporter(db, db), query);
      const from = klines[0]!.openTime;
      results.push({
        written,
        csv: await new Response(file.bytes()).text(),
        gaps: (await ledger.list(series)).map(({ from, to, missing }) => ({ from, to, missing })),
        rows: await reader.rows({ ...series, limit: 5 }),
        traded: await reader.traded(series, { from, to: klines.at(-1)!.openTime }),
        state: await store.getState(series),
      });
    }
  }
  const status = createStatusReader(db);
  const page = { limit: 50, offset: 0 };
  const changesOf = ({ items }: Awaited<ReturnType<typeof status.revisions>>) =>
    items.map(({ symbol, interval, changes }) => ({ symbol, interval, changes }));
  return {
    results,
    revisions: changesOf(await status.revisions(page)),
    conflicts: changesOf(await status.conflicts(page)),
    coverage: (await reader.coverage()).map(({ symbol, interval, rows, gapCounts }) => ({
      symbol,
      interval,
      rows,
      gapCounts,
    })),
  };
}

testUnless(
  missing,
  "a table over two servers by postgres_fdw stores and gives back what one server does",
  async () => {
    const second = await startSecond();
    try {
      const alone = await createTestDatabase();
      const expected = await writeAndRead(alone.db);
      await alone.close();

      await near.db.query(splitTo(second.url));
      const actual = await writeAndRead(near.db);
      assert.deepEqual(actual, expected);

      const count = async (db: Db, table: string) =>
        (await db.query<{ rows: number }>(`select count(*) as rows from ${table}`))[0]!.rows;
      const [own, others] = [
        await count(near.db, "klines_1m_0"),
        await count(second.db, "klines_1m"),
      ];
      assert.ok(own > 0 && others > 0, `${own} rows here, ${others} there`);
      assert.equal(own + others, await count(near.db, "klines_1m"));

      const rowsOf = async (symbol: string) =>
        (await createKlineStore(near.db).getState({ symbol, interval: "1m" })).rows;
      const before = await Promise.all(SYMBOLS.map(rowsOf));
      await near.db.query(
        "delete from klines where interval = '1m' and open_time = '2024-01-01T00:01Z'",
      );
      assert.deepEqual(await Promise.all(SYMBOLS.map(rowsOf)), before.map((rows) => rows - 1));
    } finally {
      await second.close();
    }
  },
);
