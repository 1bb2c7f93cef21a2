import assert from "node:assert/strict";
import { openImportScene } from "../testing/import_scene.ts";

// Headers of other programs whose columns are easily taken for others.
const scene = await openImportScene();
Deno.test.afterAll(() => scene.close());
const { importFiles, write } = scene;

const candles = scene.candles("BTCUSDT", "2025-06-01", 30);
const isoOf = ([time]: readonly string[]) => new Date(Number(time)).toISOString();

async function importedVolumes(lines: readonly string[]) {
  await scene.db.query("delete from imported_klines");
  const { code, out, err } = await importFiles(await write("BTCUSDT_1h.csv", lines));
  assert.deepEqual([code, err], [0, ""], out);
  const rows = await scene.db.query<{ volume: number | null; quote: number | null }>(
    `select volume::float8 as volume, quote_asset_volume::float8 as quote
     from imported_klines order by open_time`,
  );
  assert.equal(rows.length, candles.length - 1);
  return rows[0];
}

Deno.test("volume indicators of TradingView are not the volumes of candles", async () => {
  const lines = candles.map((row) => `${isoOf(row)},${row.slice(1, 5).join()},3,4`);
  const header = "time,open,high,low,close,Volume MA,Volume SMA";
  assert.deepEqual(await importedVolumes([header, ...lines]), { volume: null, quote: null });
});

Deno.test("both volumes of CryptoDataDownload are read", async () => {
  const header = "unix,date,symbol,open,high,low,close,Volume BTC,Volume USDT";
  const lines = candles.map((row) =>
    [row[0], isoOf(row), "BTC/USDT", ...row.slice(1, 6), row[7]].join()
  );
  const [first] = candles;
  assert.deepEqual(await importedVolumes([header, ...lines]), {
    volume: Number(first![5]),
    quote: Number(first![7]),
  });
});

Deno.test("the volume of yfinance is the quote volume, in both of its present headers", async () => {
  const [first] = candles;
  const wanted = { volume: null, quote: Number(first![7]) };
  const adjusted = [
    "Datetime,Open,High,Low,Close,Volume,Dividends,Stock Splits",
    ...candles.map((row) => `${isoOf(row)},${row.slice(1, 5).join()},${row[7]},0.0,0.0`),
  ];
  assert.deepEqual(await importedVolumes(adjusted), wanted);
  const panel = [
    "Price,Close,High,Low,Open,Volume",
    "Ticker,BTC-USD,BTC-USD,BTC-USD,BTC-USD,BTC-USD",
    "Datetime,,,,,",
    ...candles.map((row) => [isoOf(row), row[4], row[2], row[3], row[1], row[7]].join()),
  ];
  assert.deepEqual(await importedVolumes(panel), wanted);
});

Deno.test("a file of one candle is rejected, because the candle may have been open", async () => {
  const path = await write("BTCUSDT-1h.csv", [
    "timestamp,open,high,low,close,volume",
    candles[0]!.slice(0, 6).map((cell) => String(Number(cell))).join(),
  ]);
  const { code, err } = await importFiles(path);
  assert.equal(code, 1);
  assert.match(err, /: it has one candle, which may still have been open; accepted are/);
});
