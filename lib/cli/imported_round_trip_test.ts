import assert from "node:assert/strict";
import { KLINE_COLUMNS } from "../core/kline.ts";
import { openImportScene } from "../testing/import_scene.ts";

// Exports with imported candles, as another installation imports them.
const scene = await openImportScene();
Deno.test.afterAll(() => scene.close());
const { db, importFiles, task, write } = scene;

const ROWS = 24;
const candles = scene.candles("BTCUSDT", "2025-06-01", ROWS);

interface Stored {
  readonly open_time: number;
  readonly volume: string | null;
  readonly trades: number | null;
}

const stored = (table: string) =>
  db.query<Stored>(
    `select open_time, volume::text, number_of_trades as trades from ${table} order by open_time`,
  );

async function forget() {
  for (const table of ["imported_klines", "klines"]) await db.query(`delete from ${table}`);
  await db.query("update series set imported_rows = 0");
}

Deno.test("export --imported and import keep both sources apart, in every format", async () => {
  const all = await write("BTCUSDT-1h.csv", [
    [...KLINE_COLUMNS, "source"].join(),
    // Complete and exact rows, too, are the exchange's only if the file says so.
    ...candles.map((row, i) => [...row.slice(0, 11), i % 4 === 0 ? "imported" : "exchange"].join()),
  ]);
  const first = await importFiles(all);
  assert.equal(first.code, 0, first.err);
  const before = { klines: await stored("klines"), imported: await stored("imported_klines") };
  assert.deepEqual([before.klines.length, before.imported.length], [18, 6]);

  for (const format of ["csv", "ndjson", "json", "parquet"]) {
    const file = await write(`BTCUSDT-1h-with-imported.${format}`, "");
    const flags = ["--symbol", "BTCUSDT", "--interval", "1h", "--format", format];
    const exported = await task("export", ...flags, "--imported", "--out", file);
    assert.equal(exported.code, 0, exported.err);
    await forget();
    const { code, err } = await importFiles(file);
    assert.equal(code, 0, err);
    assert.deepEqual(await stored("klines"), before.klines, format);
    assert.deepEqual(await stored("imported_klines"), before.imported, format);
  }
});

Deno.test("status and verify name imported candles, and series that are known from them alone", async () => {
  await forget();
  const { db } = scene;
  const file = await write("ETHUSDT-1h.csv", [
    "timestamp,open,high,low,close,volume",
    ...scene.candles("ETHUSDT", "2025-06-01", ROWS).map((row) =>
      row.slice(0, 6).map(Number).join()
    ),
  ]);
  const { code, err } = await importFiles(file);
  assert.equal(code, 0, err);
  const status = await task("status");
  assert.match(
    status.out,
    /^ETHUSDT 1h: 23 imported candles \(from files; not the exchange's\), and none of the exchange$/m,
  );
  const series = JSON.parse((await task("status", "--symbol", "ETHUSDT", "--json")).out).series;
  assert.deepEqual([series[0].rows, series[0].imported], [0, 23]);
  const verified = await task("verify", "--symbol", "ETHUSDT");
  assert.equal(verified.code, 0, verified.err);
  assert.match(verified.out, /not compared: ETHUSDT 1h: 23 imported candles/);

  await task("collect", "--symbol", "ETHUSDT", "--interval", "1h", "--from", "2025-06-01");
  const [row] = await db.query(
    `select count(*) as stored, (select sum(imported_rows) from series)::int as counted
     from imported_klines`,
  );
  assert.deepEqual(row, { stored: 0, counted: 0 });
});
