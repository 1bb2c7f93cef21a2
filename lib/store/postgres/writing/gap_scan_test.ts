import assert from "node:assert/strict";
import type { Interval } from "../../../core/interval.ts";
import type { Series } from "../../../core/kline.ts";
import { toIso } from "../../../core/time.ts";
import { klineAt, klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase, walBytes } from "../../../testing/database/postgres.ts";
import { createGapLedger } from "./gaps_postgres.ts";
import { createKlineStore } from "./klines_postgres.ts";
import { createKlineReader } from "../reading/read_postgres.ts";
import { createRunLedger } from "../status/runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const store = createKlineStore(db);
const ledger = createGapLedger(db);
const run = await createRunLedger(db).start("test", "rest");
const klines = klinesFrom("2024-01-01T00:00:00Z", "1h", 50);

let made = 0;
/** Fifty candles under a symbol that no other test uses, scanned once. */
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

/** Deletes a row without a trigger, as a dropped partition does. */
const loseRow = (series: Series, index: number) =>
  db.transaction(async (tx) => {
    await tx.query("set local session_replication_role = replica");
    await tx.query(`delete from klines where ${OWN} and open_time = $2`, [
      series.symbol,
      toIso(klines[index]!.openTime),
    ]);
  });

const letADayPass = () =>
  db.query(
    "update series set scanned_at = now() - interval '25 hours' where scanned_at is not null",
  );

/** Indexes of the first missing candles. */
async function gapsOf({ symbol, interval }: Series): Promise<number[]> {
  const starts = klines.map(({ openTime }) => openTime);
  return (await ledger.list({ symbol, interval })).map(({ from }) => starts.indexOf(from));
}

Deno.test("scan() finds rows deleted by hand, and writes nothing when the ledger is current", async () => {
  const series = await scannedSeries();
  await deleteRow(series, 10);
  await deleteRow(series, 12);
  const missing = await walBytes(db);
  await ledger.scan(series);
  assert.deepEqual(await gapsOf(series), [10, 12]);
  const wal = await walBytes(db);
  assert.ok(wal - missing > 500, `${wal - missing} bytes of log for two gaps`);
  await ledger.scan(series);
  assert.ok(await walBytes(db) - wal <= 500, "bytes of log");
});

Deno.test("scan() reads the rows of an unchanged series only once a day", async () => {
  const series = await scannedSeries();
  await loseRow(series, 10);
  await ledger.scan(series);
  assert.deepEqual(await gapsOf(series), [], "rows were not read");
  await letADayPass();
  await ledger.scan(series);
  assert.deepEqual(await gapsOf(series), [10]);
  assert.equal((await store.getState(series)).rows, 49, "counted again");
});

Deno.test("scan() reads no rows after write(), which records gaps itself", async () => {
  const series = await scannedSeries();
  await store.write(series, klinesFrom("2024-01-03T02:00:00Z", "1h", 5), run);
  await loseRow(series, 10);
  await ledger.scan(series);
  assert.deepEqual(await gapsOf(series), []);
});

Deno.test("scan() finds a row deleted before or after a write()", async () => {
  for (const isBefore of [true, false]) {
    const series = await scannedSeries();
    const write = () => store.write(series, klinesFrom("2024-01-03T02:00:00Z", "1h", 5), run);
    if (!isBefore) await write();
    await deleteRow(series, 10);
    if (isBefore) await write();
    await ledger.scan(series);
    assert.deepEqual(await gapsOf(series), [10]);
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
    assert.deepEqual(await gapsOf(series), [10]);
  }
});

Deno.test("replacing a row by hand is a change, although the count is equal", async () => {
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
  assert.deepEqual(await gapsOf(series), [20]);
});

Deno.test("scan() of a long series in parts finds the same gaps", async () => {
  const inParts = createGapLedger(db, undefined, { partRows: 7 });
  for (const lost of [[], [10], [6, 7, 8], [13, 14, 15, 16, 17, 18, 19, 20, 21], [1, 48]]) {
    const series = await scannedSeries();
    for (const index of lost) await loseRow(series, index);
    await letADayPass();
    await inParts.scan(series);
    const found = await gapsOf(series);
    assert.deepEqual(found, lost.filter((index) => !lost.includes(index - 1)));
    await store.write(series, klines, run);
    await letADayPass();
    await inParts.scan(series);
    assert.deepEqual(await gapsOf(series), []);
  }
});

Deno.test("an interrupted scan is repeated", async () => {
  const series = await scannedSeries();
  await loseRow(series, 10);
  await letADayPass();
  let transactions = 0;
  const breaking: typeof db = {
    ...db,
    transaction: (work) => {
      if (++transactions === 4) throw new Error("the process ends");
      return db.transaction(work);
    },
  };
  const cut = createGapLedger(breaking, undefined, { partRows: 7 });
  await assert.rejects(() => cut.scan(series), /the process ends/);
  await db.query("delete from gaps where class = 'pending'");
  await ledger.scan(series);
  assert.deepEqual(await gapsOf(series), [10]);
});

Deno.test("recount_series() knows the grid of every interval", async () => {
  const offGrid = async (interval: Interval, opens: readonly string[]) => {
    const series = { symbol: `G${++made}USDT`, interval };
    await store.saveSymbols([marketSymbol(series.symbol)]);
    await store.openSeries(series);
    await store.write(series, opens.map((open) => klineAt(open, interval)), run);
    const count = async () =>
      (await createKlineReader(db).coverage()).find(({ symbol }) => symbol === series.symbol)!
        .offGrid;
    const counted = await count();
    await db.query("update series set off_grid = -1, scanned_version = null");
    await ledger.scan(series);
    assert.equal(await count(), counted, `${interval}: as it was counted when it was stored`);
    return counted;
  };
  assert.equal(await offGrid("1s", ["2024-01-01T00:00:00Z", "2024-01-01T00:00:01.500Z"]), 1);
  assert.equal(await offGrid("1m", ["2024-01-01T00:01:00Z", "2024-01-01T00:02:00.001Z"]), 1);
  assert.equal(await offGrid("4h", ["2018-02-09T09:28:14.789Z", "2018-02-09T12:00Z"]), 1);
  assert.equal(await offGrid("3d", ["2024-01-02", "2024-01-05", "2024-01-09"]), 1);
  assert.equal(await offGrid("1w", ["2024-01-01", "2024-01-08", "2024-01-16"]), 1);
  assert.equal(await offGrid("1M", ["2024-01-01", "2024-02-01", "2024-03-02"]), 1);
});
