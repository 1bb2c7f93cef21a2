import assert from "node:assert/strict";
import { HOUR_MS } from "../core/time.ts";
import { executeTask } from "../testing/command.ts";
import { openImportScene, zipOf } from "../testing/import_scene.ts";

// Files of Binance's other markets have the same names as spot files, and valid checksums.
const scene = await openImportScene();
Deno.test.afterAll(() => scene.close());

/** Imports without a reachable exchange: one command, which waits for it once. */
const alone = (...paths: string[]) =>
  executeTask({ DATABASE_URL: scene.url, BINANCE_URLS: "http://127.0.0.1:9" }, [
    "import",
    ...paths,
  ]);

const HEADER = "open_time,open,high,low,close,volume,close_time,quote_volume,count," +
  "taker_buy_volume,taker_buy_quote_volume,ignore";
const DAYS = 31 * 24;

/** The candles of a month as in another market. */
function month(symbol: string, from: string, change: (row: string[], i: number) => string[]) {
  return scene.candles(symbol, from, DAYS).map((row, i) => change([...row], i).join());
}

/** Prices close to those of spot, with the digits of futures. */
function toFutures(row: string[]): string[] {
  const digits = (value: string, count: number) => (Number(value) * 1.0007).toFixed(count);
  for (const column of [1, 2, 3, 4]) row[column] = digits(row[column]!, 4);
  for (const column of [5, 9]) row[column] = digits(row[column]!, 3);
  for (const column of [7, 10]) row[column] = (Number(row[column]) * 1.0014).toFixed(5);
  return row;
}

function toMarkPrices(row: string[]): string[] {
  for (const column of [5, 7, 9, 10]) row[column] = "0";
  return row;
}

/** Contracts of 100 USD; the quote asset is the coin. */
function toCoinMargined(row: string[]): string[] {
  const coins = Number(row[7]) / Number(row[4]);
  row[5] = (Number(row[7]) / 100).toFixed(8);
  row[9] = "1.00000000";
  row[7] = coins.toFixed(8);
  return row;
}

function toMicroseconds(row: string[]): string[] {
  row[0] = `${row[0]}000`;
  row[6] = `${row[6]}999`;
  return row;
}

const same = (row: string[]) => row;

function toFourHours(line: string): string {
  const row = line.split(",");
  return row.with(6, String(Number(row[0]) + 4 * HOUR_MS - 1)).join();
}

async function refused(path: string, reason: RegExp, symbol: string): Promise<void> {
  const { code, out, err } = await scene.importFiles(path);
  assert.equal(code, 1, out);
  assert.match(err, reason);
  assert.ok(err.startsWith(`Cannot import ${path} as spot candles: `), err);
  assert.match(err, /--market spot\n$/);
  assert.equal(await scene.count(symbol), 0);
}

Deno.test("import rejects a zip with a header line, times in ms after 2024, volume 0, or odd volumes", async () => {
  const zip = async (name: string, lines: string[]) =>
    await scene.write(`${name}.zip`, await zipOf({ [`${name}.csv`]: lines }));
  const old = "BTCUSDT-1h-2024-03";
  const young = "BTCUSDT-1h-2025-03";
  const inMs = month("BTCUSDT", "2025-03-01", same);
  const marks = month("BTCUSDT", "2024-03-01", toMarkPrices);
  const coins = month("BTCUSDT", "2024-03-01", toCoinMargined);
  await refused(
    await zip(old, [HEADER, ...month("BTCUSDT", "2024-03-01", toFutures)]),
    /it has a header line.*candles differ in price from those served by the exchange/,
    "BTCUSDT",
  );
  await refused(
    await zip(young, month("BTCUSDT", "2025-03-01", toFutures)),
    /its times are in ms, while spot files have µs/,
    "BTCUSDT",
  );
  await refused(await zip(old, marks), /its volume is 0 throughout/, "BTCUSDT");
  await refused(await zip(old, coins), /its volumes do not match its prices/, "BTCUSDT");
  // Under the right path, with the exchange's candles: no sign of another market.
  const spot = await zip(young, inMs.map((line) => toMicroseconds(line.split(",")).join()));
  assert.equal((await scene.importFiles(spot)).code, 0);
});

Deno.test("import rejects a path of another market unless its candles are those of spot", async () => {
  const name = "data/futures/um/monthly/klines/ETHUSDT/1h/ETHUSDT-1h-2024-03.csv";
  const futures = month("ETHUSDT", "2024-03-01", toFutures);
  const path = await scene.write(name, futures);
  await refused(path, /its path names another market \(futures\/um\)/, "ETHUSDT");
  const real = await scene.write(name, month("ETHUSDT", "2024-03-01", same));
  assert.match((await scene.importFiles(real)).out, /744 new/);
});

Deno.test("without an exchange, futures files are detected by their digits and prices", async () => {
  const { write } = scene;
  const futures = month("XRPUSDT", "2024-03-01", toFutures);
  const old = month("BNBUSDT", "2021-03-01", toFutures);
  const withHeader = await write("XRPUSDT-1h-2024-03.csv", [HEADER, ...futures]);
  const spot = await write("XRPUSDT-1h-2024-03.csv", [
    HEADER,
    ...month("XRPUSDT", "2024-03-01", same),
  ]);
  const name = "BNBUSDT-1h-2021-03"; // from a year when futures files had no header line
  const zip = await write(`${name}.zip`, await zipOf({ [`${name}.csv`]: old }));
  const renamed = await write("BNBUSDT-1h.csv", old);
  // Spot candles are stored now: futures of the same time are detected by their prices.
  const bare = await write("XRPUSDT-1h-2024-03.csv", futures);
  // A month later at ten times the price: another symbol's candles.
  const other = await write(
    "XRPUSDT-1h-2024-04.csv",
    scene.candles("XRPUSDT", "2024-04-01", 100).map((row) => {
      for (const column of [1, 2, 3, 4, 7, 10]) row[column] = (10 * Number(row[column])).toFixed(8);
      return row.join();
    }),
  );
  const { code, out, err } = await alone(withHeader, spot, zip, renamed, bare, other);
  assert.equal(code, 1);
  assert.match(
    out,
    /^\S+XRPUSDT-1h-2024-03.csv: Binance archive, XRPUSDT 1h, 744 candles: 744 new.*\n$/,
  );
  const problems = [
    [withHeader, "it has a header line"],
    [zip, "its volumes do not have the eight decimals of spot files"],
    [renamed, "its volumes do not have the eight decimals of spot files"],
    [bare, "candles differ in price from those stored"],
    [other, "where the stored candle before it closed at"],
  ] as const;
  const lines = err.trim().split("\n");
  assert.equal(lines.length, problems.length, err);
  problems.forEach(([path, reason], i) => {
    assert.ok(lines[i]!.startsWith(`Cannot import ${path} `) && lines[i]!.includes(reason), err);
  });
  assert.equal(await scene.count("XRPUSDT"), DAYS);
  const series = await scene.db.query<{ symbol: string }>(
    "select symbol from series join symbols using (symbol_id)",
  );
  assert.ok(series.every(({ symbol }) => symbol !== "BNBUSDT"), "refused files leave no series");
});

Deno.test("import --market spot accepts a file that looks like another market, and records it", async () => {
  const path = await scene.write(
    "SOLUSDT-1h-2024-03.csv",
    [HEADER, ...month("SOLUSDT", "2024-03-01", toFutures)],
  );
  assert.equal((await scene.importFiles(path)).code, 1);
  const { code, out, err } = await scene.importFiles(path, "--market", "spot");
  assert.equal(code, 0, err);
  assert.match(out, /744 new/);
  assert.match(err, /^Imported \S+SOLUSDT-1h-2024-03.csv as spot, although it has a header line/);
  const [run] = await scene.db.query<{ note: string; source: string }>(
    "select note, source from runs where note is not null",
  );
  assert.match(run!.note, /SOLUSDT-1h-2024-03.csv imported as spot: it has a header line/);
  assert.equal(run!.source, "file");
  assert.equal((await scene.importFiles(path, "--market", "futures")).code, 2);
});

Deno.test("import accepts outage stubs, a day without trades, and wick's exports since 2025", async () => {
  const quiet = scene.candles("DOGEUSDT", "2024-03-01", 24).map((row) => {
    for (const column of [2, 3, 4]) row[column] = row[1]!;
    for (const column of [5, 7, 9, 10]) row[column] = "0.00000000";
    row[8] = "0";
    return row.join();
  });
  // In rupiah markets, quote amounts have two decimals.
  const rupiahs = scene.candles("TRXUSDT", "2021-03-01", 24).map((row) => {
    for (const column of [1, 2, 3, 4, 7, 10]) {
      row[column] = (15_000 * Number(row[column])).toFixed(2);
    }
    return row.join();
  });
  // The single candle of a day that ended in an outage, as the exchange has it.
  const stub = "1518048000000,7637.86,8240.0,7620.0,8240.0,1.00000000,1518049694788," +
    "7900.00000000,9,0.50000000,3950.00000000,0";
  // Without the day of a price collapse.
  const crash = scene.candles("LINKUSDT", "2024-03-01", 3).map((row, i) => {
    const scale = i === 0 ? 1 : 0.05;
    row[0] = String(Number(row[0]) + i * 47 * HOUR_MS);
    row[6] = String(Number(row[0]) + 24 * HOUR_MS - 1);
    for (const column of [1, 2, 3, 4, 7, 10]) {
      row[column] = (scale * Number(row[column])).toFixed(8);
    }
    return row.join();
  });
  const copy = "futures/um/spot/daily/klines/SOLUSDT/4h/SOLUSDT-4h-2024-03-01.csv";
  const { out, err } = await alone(
    await scene.write("TRXIDRT-1h-2021-03-01.csv", rupiahs),
    await scene.write("DOGEUSDT-1h-2024-03-01.csv", quiet),
    await scene.write("BTCUSDT-1h-2018-02-08.csv", [stub]),
    await scene.write("LINKUSDT-1d-2024-03-01.csv", crash.slice(0, 1)),
    await scene.write("LINKUSDT-1d-2024-03-03.csv", crash.slice(1, 2)),
    await scene.write(copy, scene.csv("SOLUSDT", "2024-03-01", 24).slice(0, 1).map(toFourHours)),
  );
  assert.deepEqual(
    out.match(/\d+ new/g),
    ["24 new", "24 new", "1 new", "1 new", "1 new", "1 new"],
    err,
  );

  const exported = await scene.write("ADAUSDT-1h.csv", scene.csv("ADAUSDT", "2025-03-01", 100));
  assert.match((await scene.importFiles(exported)).out, /100 new/);
});
