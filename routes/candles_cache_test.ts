import assert from "node:assert/strict";
import { parseDecimal } from "../lib/core/decimal.ts";
import { createKlineStore } from "../lib/store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import type { Db } from "../lib/store/postgres/connection/database.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { klinesFrom, marketSymbol } from "../lib/testing/klines.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";
import { createAnswerCache } from "../lib/http/answer_cache.ts";

// A shared response is as old as its freshness states, even if nothing has changed for long.
const { db, url, close } = await createTestDatabase();
const store = createKlineStore(db);
const series = { symbol: "BTCUSDT", interval: "1h" } as const;
const klines = klinesFrom("2024-01-01", "1h", 100);
await store.saveSymbols([marketSymbol("BTCUSDT")]);
const run = await createRunLedger(db).start("test", "rest");
await store.write(series, klines, run);

const statements: string[] = [];
const counted: Db = {
  ...db,
  query: (sql, values) => {
    statements.push(sql);
    return db.query(sql, values);
  },
  snapshot: (work) => {
    statements.push("snapshot");
    return db.snapshot(work);
  },
};
let time = 0;
const app = await createTestApp({
  db: counted,
  url,
  symbols: ["BTCUSDT"],
  intervals: ["1h"],
  serverTime: klines.at(-1)!.closeTime + 1,
  answers: createAnswerCache(() => time),
});
Deno.test.afterAll(async () => {
  await app.close();
  await close();
});

async function ask() {
  const response = await app.fetch("/api/candles?symbol=BTCUSDT&interval=1h&limit=10");
  const { volume } = await response.json();
  return { etag: response.headers.get("etag")!, newest: volume.at(-1) };
}

Deno.test("/api/candles of a series that did not change is not read again", async () => {
  const first = await ask();
  statements.length = 0;
  for (let i = 0; i < 3; i++) {
    time += 300;
    assert.deepEqual(await ask(), first);
  }
  assert.equal(statements.length, 3, statements.join("\n"));
  assert.ok(statements.every((sql) => sql.includes("from series") && !sql.includes("klines")));
  assert.deepEqual(await ask(), first);
  assert.equal(statements.length, 3, "within the moment nothing is asked");
});

Deno.test("/api/candles shows a revised candle immediately, with another ETag", async () => {
  const before = await ask();
  const revised = { ...klines.at(-1)!, volume: parseDecimal("4321.5") };
  await store.write(series, [revised], run);
  time += 300;
  const after = await ask();
  assert.equal(after.newest, 4321.5);
  assert.notEqual(after.etag, before.etag);
});

Deno.test("/api/candles of a series that was collected again has another ETag at the same version", async () => {
  time += 300;
  const before = await ask();
  const [row] = await db.query<{ version: number }>("select version from series");
  await db.query("truncate klines, kline_revisions, series");
  await store.openSeries(series);
  for (let version = 1; version < row!.version; version++) {
    await store.write(series, [klines[version]!], run);
  }
  await store.write(series, [klines.at(-1)!], run);
  assert.deepEqual(await db.query("select version from series"), [row]);
  time += 300;
  assert.notEqual((await ask()).etag, before.etag);
});
