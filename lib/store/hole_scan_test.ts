import assert from "node:assert/strict";
import type { Series } from "../core/kline.ts";
import { toIso } from "../core/time.ts";
import { klinesFrom, marketSymbol } from "../testing/klines.ts";
import { createTestDatabase } from "../testing/postgres.ts";
import { createGapLedger } from "./gaps_postgres.ts";
import { createKlineStore } from "./klines_postgres.ts";
import { createRunLedger } from "./runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const store = createKlineStore(db);
const ledger = createGapLedger(db);
const run = await createRunLedger(db).start("test", "rest");
const klines = klinesFrom("2024-01-01T00:00:00Z", "1h", 50);

let made = 0;
/** Fifty candles under a symbol that no other test uses, looked through once. */
async function scannedSeries(): Promise<Series> {
  const series = { symbol: `S${++made}USDT`, interval: "1h" } as const;
  await store.saveSymbols([marketSymbol(series.symbol)]);
  await store.openSeries(series);
  await store.write(series, klines, run);
  await ledger.scan(series);
  return series;
}

const OWN = "symbol_id = (select symbol_id from symbols where symbol = $1) and interval = '1h'";

const deleteRow = (series: Series, index: number) =>
  db.query(`delete from klines where ${OWN} and open_time = $2`, [
    series.symbol,
    toIso(klines[index]!.openTime),
  ]);

/** Deletes a row as a dropped partition does: nobody is told. */
const loseRow = (series: Series, index: number) =>
  db.transaction(async (tx) => {
    await tx.query("set local session_replication_role = replica");
    await tx.query(`delete from klines where ${OWN} and open_time = $2`, [
      series.symbol,
      toIso(klines[index]!.openTime),
    ]);
  });

const letADayPass = () =>
  db.query("update series set scanned_at = scanned_at - interval '25 hours'");

/** Where holes begin, as indexes. */
async function holesOf({ symbol, interval }: Series): Promise<number[]> {
  const starts = klines.map(({ openTime }) => openTime);
  return (await ledger.list({ symbol, interval })).map(({ from }) => starts.indexOf(from));
}

async function walPosition(): Promise<number> {
  const [row] = await db.query<{ at: string }>("select pg_current_wal_insert_lsn() - '0/0' as at");
  return Number(row!.at);
}

Deno.test("scan() finds rows deleted by hand and writes nothing when all is known", async () => {
  const series = await scannedSeries();
  await deleteRow(series, 10);
  await deleteRow(series, 12);
  await ledger.scan(series);
  assert.deepEqual(await holesOf(series), [10, 12]);
  const wal = await walPosition();
  await ledger.scan(series);
  assert.ok(await walPosition() - wal <= 500, "bytes of log");
});

Deno.test("scan() reads no rows of a series that nobody touched, but does once a day", async () => {
  const series = await scannedSeries();
  await loseRow(series, 10);
  await ledger.scan(series);
  assert.deepEqual(await holesOf(series), [], "rows were not looked at");
  await letADayPass();
  await ledger.scan(series);
  assert.deepEqual(await holesOf(series), [10]);
  assert.equal((await store.getState(series)).rows, 49, "counted anew");
});

Deno.test("scan() reads no rows after writes of ours, which follow holes themselves", async () => {
  const series = await scannedSeries();
  await store.write(series, klinesFrom("2024-01-03T02:00:00Z", "1h", 5), run);
  await loseRow(series, 10);
  await ledger.scan(series);
  assert.deepEqual(await holesOf(series), []);
});

Deno.test("scan() finds a row deleted before or after a write of ours", async () => {
  for (const isBefore of [true, false]) {
    const series = await scannedSeries();
    const write = () => store.write(series, klinesFrom("2024-01-03T02:00:00Z", "1h", 5), run);
    if (!isBefore) await write();
    await deleteRow(series, 10);
    if (isBefore) await write();
    await ledger.scan(series);
    assert.deepEqual(await holesOf(series), [10]);
  }
});

Deno.test("scan() finds a row deleted while another instance scans and writes", async () => {
  const other = createKlineStore(db);
  const otherLedger = createGapLedger(db);
  for (let round = 0; round < 20; round++) {
    const series = await scannedSeries();
    await Promise.all([
      deleteRow(series, 10),
      otherLedger.scan(series),
      other.write(series, klinesFrom("2024-01-03T02:00:00Z", "1h", 5), run),
      otherLedger.scan(series),
    ]);
    await ledger.scan(series);
    assert.deepEqual(await holesOf(series), [10]);
  }
});

Deno.test("a row deleted for one inserted by hand is a change, though the count is right", async () => {
  const series = await scannedSeries();
  await deleteRow(series, 10);
  const { version } = await store.getState(series);
  await db.query(
    `insert into klines select (jsonb_populate_record(k, jsonb_build_object('open_time', $2::text))).*
     from klines k where ${OWN} and open_time = $3`,
    [series.symbol, toIso(klines[10]!.openTime), toIso(klines[9]!.openTime)],
  );
  await deleteRow(series, 20);
  assert.equal((await store.getState(series)).version, version + 1);
  await ledger.scan(series);
  assert.deepEqual(await holesOf(series), [20]);
});
