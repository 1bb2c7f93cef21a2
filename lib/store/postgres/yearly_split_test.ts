import assert from "node:assert/strict";
import type { Series } from "../../core/kline.ts";
import { parseTime } from "../../core/time.ts";
import { createKlineExporter } from "./reading/export_postgres.ts";
import { klinesFrom, marketSymbol } from "../../testing/klines.ts";
import { createTestDatabase } from "../../testing/database/postgres.ts";
import { createGapLedger } from "./writing/gaps_postgres.ts";
import { createKlineStore } from "./writing/klines_postgres.ts";
import { createKlineReader } from "./reading/read_postgres.ts";
import { createRunLedger } from "./status/runs_postgres.ts";
import { createStatusReader } from "./status/status_postgres.ts";

// The statements of docs/scaling.md, executed as written.
const docs = await Deno.readTextFile(new URL("../../../docs/scaling.md", import.meta.url));
const blocks = [...docs.matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => sql!);
const find = (text: string) => {
  const found = blocks.filter((sql) => sql.includes(text));
  assert.equal(found.length, 1, text);
  return found[0]!;
};
const SPLIT = find("detach partition klines_1s;");
const NEXT_YEAR = find("create table klines_1s_2026");
const DROP_YEAR = find("detach partition klines_1s_2024");

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);
const store = createKlineStore(db);
const reader = createKlineReader(db);
const ledger = createGapLedger(db);
const series: Series = { symbol: "BTCUSDT", interval: "1s" };
const hour: Series = { symbol: "BTCUSDT", interval: "1h" };
await store.saveSymbols([marketSymbol("BTCUSDT")]);
const run = await createRunLedger(db).start("test", "rest");
const klines = [
  ...klinesFrom("2023-12-31T23:59:50Z", "1s", 20),
  ...klinesFrom("2024-12-31T23:59:50Z", "1s", 20),
];
for (const one of [series, hour]) await store.openSeries(one);
await store.write(series, klines, run);
await store.write(hour, klinesFrom("2024-01-01", "1h", 5), run);
await ledger.scan(series);

const stateOf = async () => {
  const { version, rows } = await store.getState(series);
  return { version, rows };
};
const partsOf = (table: string) =>
  db.query<{ part: string; rows: number }>(
    `select tableoid::regclass::text as part, count(*) as rows from ${table} group by 1 order by 1`,
  );

Deno.test("the split keeps every candle, the key, and the facts about the series", async () => {
  const before = { state: await stateOf(), rows: await reader.rows({ ...series, limit: 1000 }) };
  await db.query(SPLIT);
  assert.deepEqual(await stateOf(), before.state);
  assert.deepEqual(await reader.rows({ ...series, limit: 1000 }), before.rows);
  assert.deepEqual(await partsOf("klines_1s_by_year"), [
    { part: "klines_1s_2024", rows: 20 },
    { part: "klines_1s_2025", rows: 10 },
    { part: "klines_1s_rest", rows: 10 },
  ]);
  await assert.rejects(
    () => db.query("insert into klines select * from klines where interval = '1s' limit 1"),
    /duplicate key/,
  );
  const indexes = await db.query<{ parts: number }>(
    `select count(*) as parts from pg_indexes where tablename = 'klines_1s_2025'`,
  );
  assert.equal(indexes[0]!.parts, 2, "the key, and the index of changes");
});

Deno.test("wick writes and corrects across the years as before, and reads by the key", async () => {
  const { version } = await stateOf();
  const fresh = klinesFrom("2025-01-01T00:00:10Z", "1s", 5);
  assert.equal((await store.write(series, [...klines.slice(-3), ...fresh], run)).new, 5);
  const revised = { ...klines[15]!, numberOfTrades: 1 };
  assert.equal((await store.write(series, [revised], run)).corrected, 1);
  assert.equal((await stateOf()).version, version + 2);
  const plan = await db.query<Record<string, string>>(
    `explain select * from klines where symbol_id = 1 and interval = '1s'
       and open_time >= '2025-01-01' and open_time < '2025-01-02' order by open_time limit 10`,
  );
  const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
  assert.match(text, /klines_1s_2025/);
  assert.doesNotMatch(text, /klines_1s_2024|klines_1h/);
});

Deno.test("rows deleted by hand from any part change the version, and are found", async () => {
  const from = (time: string) => `where open_time = '${time}'`;
  for (
    const [statement, lost] of [
      [`delete from klines ${from("2024-01-01T00:00:01Z")} and interval = '1s'`, 1],
      [`delete from klines_1s_by_year ${from("2024-01-01T00:00:03Z")}`, 1],
      [`delete from klines_1s_2024 ${from("2024-01-01T00:00:05Z")}`, 1],
      [`delete from klines_1s_rest ${from("2023-12-31T23:59:55Z")}`, 1],
      ["truncate klines_1s_rest", 9],
    ] as const
  ) {
    const before = await stateOf();
    await db.query(statement);
    assert.deepEqual(await stateOf(), {
      version: before.version + 1,
      rows: before.rows - lost,
    }, statement);
  }
  await ledger.scan(series);
  const gaps = await ledger.list({ ...series, class: "pending" });
  assert.deepEqual(
    gaps.map(({ from }) => from).slice(0, 3),
    ["01", "03", "05"].map((second) => parseTime(`2024-01-01T00:00:${second}Z`)),
  );
});

Deno.test("a new year's part is created in advance, with the same triggers", async () => {
  await db.query(NEXT_YEAR);
  await store.write(series, klinesFrom("2026-01-01", "1s", 5), run);
  assert.ok((await partsOf("klines")).some(({ part }) => part === "klines_1s_2026"));
  const before = await stateOf();
  await db.query("truncate klines_1s_2026");
  assert.deepEqual(await stateOf(), { version: before.version + 1, rows: before.rows - 5 });
});

Deno.test("a detached year disappears from counts and exports", async () => {
  const before = await stateOf();
  const [part] = await db.query<{ rows: number }>("select count(*) as rows from klines_1s_2024");
  await db.query(DROP_YEAR);
  const after = await stateOf();
  assert.deepEqual(after, { version: before.version + 1, rows: before.rows - part!.rows });
  const [head] = await createKlineExporter(db, db).describe({ series: [series], format: "csv" });
  assert.equal(head!.rows, after.rows);
  const { firstOpenTime } = await store.getState(series);
  assert.equal(firstOpenTime, parseTime("2025-01-01"));
});

Deno.test("storage adds up the years of an interval", async () => {
  const { tables } = await createStatusReader(db).size();
  const own = tables.filter(({ interval }) => interval === "1s");
  assert.deepEqual(own.map(({ name }) => name), ["klines_1s_by_year"]);
  assert.ok(own[0]!.bytes > 0);
});
