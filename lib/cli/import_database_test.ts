import assert from "node:assert/strict";
import { openImportScene } from "../testing/import_scene.ts";
import { createTestDatabase } from "../testing/database/postgres.ts";

// Candles in databases of other programs: jesse's table, and another installation of wick.
const scene = await openImportScene();
const other = await createTestDatabase();
Deno.test.afterAll(async () => {
  await other.close();
  await scene.close();
});

const ROWS = 48;
const candles = scene.candles("BTCUSDT", "2025-06-01", ROWS);
/** As jesse creates it: model Candle, whose FloatField is `real`. */
const JESSE = `create table candle (
  id uuid primary key default gen_random_uuid(), timestamp bigint, open real, close real, high real,
  low real, volume real, exchange varchar, symbol varchar, timeframe varchar)`;

async function insert(exchange: string, symbol: string, rows: readonly (readonly string[])[]) {
  for (const [time, o, h, l, c, v] of rows) {
    await other.db.query(
      `insert into candle (timestamp, open, close, high, low, volume, exchange, symbol, timeframe)
       values ($1, $2, $3, $4, $5, $6, $7, $8, '1h')`,
      [time, o, c, h, l, v, exchange, symbol],
    );
  }
}

Deno.test("jesse's candles of Binance's spot market are imported apart, those of others refused", async () => {
  await other.db.query(JESSE);
  await insert("Binance Spot", "BTC-USDT", candles);
  await insert("Binance Perpetual Futures", "BTC-USDT", candles.slice(0, 3));
  const { code, out, err } = await scene.importFiles(other.url);
  assert.equal(code, 1);
  assert.match(
    out,
    /^postgres:\/\/\S+, table candle, Binance Spot: jesse's table without close time/,
  );
  assert.match(out, new RegExp(`BTCUSDT 1h, ${ROWS - 1} candles: ${ROWS - 1} kept apart`));
  assert.match(
    err,
    /^Cannot import \S+, table candle, Binance Perpetual Futures: it is not Binance's spot market\n$/,
  );
  const { password } = new URL(other.url);
  assert.ok(password === "" || !`${out}${err}`.includes(password), "no password in messages");
  const [row] = await scene.db.query<{ open_price: string; is_float: boolean }>(
    "select open_price::text, is_float from imported_klines order by open_time",
  );
  assert.deepEqual(row, {
    open_price: String(Math.fround(Number(candles[0]![1]))).slice(0, row!.open_price.length),
    is_float: true,
  });
  const audit = await scene.task("audit", other.url, "--json");
  const [spot] = JSON.parse(audit.out).files.filter((one: { candles: number }) =>
    one.candles === ROWS
  );
  assert.equal(spot.counts.rounded + spot.counts.equal, ROWS, "single precision is rounding");
});

Deno.test("another wick's candles keep all digits; an absent table and server are one clear sentence", async () => {
  const settings = { DATABASE_URL: other.url };
  const flags = [
    "--symbol",
    "ETHUSDT",
    "--interval",
    "1h",
    "--from",
    "2025-06-01",
    "--to",
    "2025-06-03",
  ];
  assert.equal((await scene.taskWith(settings, "collect", ...flags)).code, 0);
  const { code, out, err } = await scene.importFiles(other.url, "--table", "candles");
  assert.equal(code, 0, err);
  assert.match(out, /, table candles: wick export, ETHUSDT 1h, 48 candles: 48 new/);
  const cases: [string, readonly string[], RegExp][] = [
    [
      other.url,
      ["--table", "nothing"],
      /^Cannot read postgres:\S+, table nothing: no such table\n$/,
    ],
    [
      other.url,
      ["--table", "runs"],
      /, table runs: no column for the open time, such as timestamp/,
    ],
    ["postgres://wick:secret@127.0.0.1:9/x", [], /^Cannot .*127\.0\.0\.1:9/],
  ];
  for (const [url, args, message] of cases) {
    const failed = await scene.importFiles(url, ...args);
    assert.equal(failed.code, 1);
    assert.match(failed.err, message);
    assert.ok(!failed.err.includes("secret"), failed.err);
  }
});
