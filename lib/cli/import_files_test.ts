import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { parseTime } from "../core/time.ts";
import { storedRows } from "../testing/collector.ts";
import { openImportScene, zipOf } from "../testing/import_scene.ts";

// An invalid file affects only itself, an invalid row only that row.
const scene = await openImportScene();
Deno.test.afterAll(() => scene.close());
const { importFiles, write, csv } = scene;

const good = csv("TRXUSDT", "2025-06-01", 100);
const changed = (column: number, value: string) =>
  good.map((line, i) => i === 20 ? line.split(",").with(column, value).join() : line);

Deno.test("an invalid row is reported with its line and skipped, and the others are stored", async () => {
  const short = csv("TRXUSDT", "2025-06-01", 100, 11);
  const cases: [string, readonly string[], RegExp][] = [
    ["seconds", changed(0, "1748736000"), /line 21: column 1 is "1748736000", which is not a time/],
    ["float", changed(5, "1e5"), /line 21: column 6 is "1e5", which is not a decimal number/],
    ["no number", changed(4, "NaN"), /line 21: column 5 is "NaN"/],
    [
      "low above high",
      changed(3, "99999999"),
      /line 21: the candle of 2025-06-01T20:00:00.000Z has/,
    ],
    ["negative", changed(7, "-1.0"), /a negative number/],
    ["ancient", changed(0, "0000000000000"), /opens before Binance existed/],
    ["columns", good.with(20, `${good[20]},1`), /line 21: it has 13 columns instead of 12/],
    ["a quote", good.with(20, `"${good[20]}`), /line 21: it is not CSV/],
    ["text", good.with(20, "# a comment"), /line 21: it has 1 columns/],
    ["cut", [good.join("\n").slice(0, -60)], /line 100: it has \d+ columns instead of 12/],
    [
      "cut in a number",
      [short.join("\n").slice(0, -2)],
      /line 100: the file ends in the middle of this line/,
    ],
  ];
  for (const [what, lines, reason] of cases) {
    await scene.db.query("delete from klines");
    const path = await write("TRXUSDT-1h.csv", what.startsWith("cut") ? lines[0]! : lines);
    const { code, out, err } = await importFiles(path);
    assert.equal(code, 1, what);
    assert.ok(err.startsWith(`Skipped in ${path}, line `), err);
    assert.match(err, reason, what);
    assert.match(out, /99 candles: 99 new, .*, 1 invalid rows skipped/, what);
    assert.equal(await scene.count("TRXUSDT"), 99);
  }
  const [run] = await scene.db.query<{ outcome: string; error: string }>(
    "select outcome, error from runs order by run_id desc limit 1",
  );
  assert.equal(run!.outcome, "partial");
  assert.match(run!.error, /1 invalid rows skipped, line 100/);
  await scene.db.query("delete from klines");
  const bad = good.map((line, i) => i % 5 === 1 ? "x" : line);
  const many = await importFiles(await write("TRXUSDT-1h.csv", bad));
  assert.equal(many.code, 1);
  assert.match(
    many.err,
    /^Cannot trust \S+, line 2: it has 1 columns .* \(20 of 100 rows are invalid\)/,
  );
  assert.equal(await scene.count("TRXUSDT"), 0);
});

Deno.test("a file with two values for one open time is rejected, naming both lines; repeats are counted", async () => {
  const other = good[10]!.split(",").with(4, good[11]!.split(",")[4]!).with(2, "9.0").join();
  const path = await write("TRXUSDT-1h.csv", [...good, other]);
  const { code, err } = await importFiles(path);
  assert.equal(code, 1);
  assert.match(err, /lines 11 and 101 disagree about the candle of 2025-06-01T10:00/);
  assert.ok(err.includes(path));
  assert.equal(await scene.count("TRXUSDT"), 0);
  const twice = await importFiles(await write("TRXUSDT-1h.csv", [...good, good[3]!, good[99]!]));
  assert.equal(twice.code, 0);
  assert.match(twice.out, /100 candles: 100 new, .*, 2 repeated/);
});

Deno.test("other formats are detected by content and rejected with advice", async () => {
  const text = `${good.join("\n")}\n`;
  const zip = await zipOf({ "TRXUSDT-1h.csv": good });
  const damaged = zip.slice();
  damaged[60]! ^= 0xff;
  const cases: [string, string | Uint8Array, RegExp][] = [
    [
      "zip",
      await zipOf({ "TRXUSDT-1h.csv": gzipSync(text) }),
      /it holds a gzip file: extract it first/,
    ],
    ["zip", await zipOf({ "TRXUSDT-1h.csv": zip }), /it holds a zip file: extract it first/],
    ["zip", await zipOf({ "TRXUSDT-1h.csv": "" }), /it is empty/],
    ["csv", new Uint8Array(9_000), /it is not text/],
    ["csv", "", /it is empty/],
    ["csv", "\n \n", /it is empty/],
    ["csv", `${KLINE_HEADER}\n`, /it has a header line but no candles/],
    ["csv", "<!DOCTYPE html><html><body>404</body></html>", /web page, probably an error page/],
    ["zip", "<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", /it is XML/],
    ["json", JSON.stringify(good), /its JSON holds strings, not candles/],
    ["json", `[[1,2`, /it ends in the middle of the array/],
    [
      "ndjson",
      `{"open_time":1}\n{"open`,
      /its JSON holds no rows of candles/,
    ],
    ["json", JSON.stringify({ data: good }), /its JSON holds no rows of candles/],
    ["parquet", new TextEncoder().encode("PAR1xxxx"), /as a Parquet file/],
    ["feather", new TextEncoder().encode("ARROW1xxxx"), /as an Arrow file/],
    ["db", new TextEncoder().encode("SQLite format 3\0xxxx"), /as an SQLite file/],
    ["csv", gzipSync(text).subarray(0, 900), /Cannot decompress .*: it is cut off or damaged/],
    ["hdf5", new Uint8Array([0x89, 0x48, 0x44, 0x46, 1]), /it is HDF5: convert it/],
    ["pkl", new Uint8Array([0x80, 0x04, 0x95, 1]), /it is a Python pickle/],
    ["csv", Buffer.from(text).fill(0xc3, 500, 502), /it is not UTF-8 text/],
    ["csv", "x".repeat(100_000), /longer than 2000 characters|no column for/],
    ["zip", zip.slice(0, zip.length - 40), /Cannot unzip .*: the zip is truncated or corrupt/],
    ["zip", damaged, /Cannot unzip .*: the zip is corrupt/],
    ["zip", await zipOf({ "TRXUSDT-1h.csv": good }, { password: "x" }), /it is encrypted/],
    ["zip", await zipOf({}), /the zip is empty|contains no/],
    ["zip", await zipOf({ "README.txt": "x" }), /contains no CSV file, only README.txt/],
    ["csv", await zipOf({ "[Content_Types].xml": "<x/>", "xl/a.xml": "<x/>" }), /Excel workbook/],
    ["zip", await zipOf({ "ETHUSDT-1h.csv": good }), /the CSV inside is ETHUSDT-1h.csv/],
    ["zip", await zipOf({ "TRXUSDT-4h.csv": good }), /the CSV inside is TRXUSDT-4h.csv/],
    ["zip", await zipOf({ "ETHUSDT_1h.csv": good }), /the CSV inside is ETHUSDT_1h.csv/],
    ["zip", await zipOf({ "eth-usdt.csv": good }), /the CSV inside is eth-usdt.csv/],
  ];
  for (const [extension, content, reason] of cases) {
    const path = await write(`TRXUSDT-1h.${extension}`, content);
    const { code, out, err } = await importFiles(path);
    assert.equal(code, 1, String(reason));
    assert.match(err, reason);
    assert.ok(err.includes(path), err);
    assert.equal(err.trim().split("\n").length, 1, err);
    assert.equal(out, "");
  }
  const bom = await write("TRXUSDT-1h.csv", `\ufeff${KLINE_HEADER}\n${text}`);
  assert.match((await importFiles(bom)).out, /TRXUSDT 1h, 100 candles: /);
});

const KLINE_HEADER = "open_time,open,high,low,close,volume,close_time,quote_volume,count," +
  "taker_buy_volume,taker_buy_quote_volume,ignore";

Deno.test("system files in a zip are ignored; several CSVs in it are separate files", async () => {
  const eth = csv("ETHUSDT", "2025-06-01", 50);
  const junk = { "__MACOSX/._ETHUSDT-1h.csv": "x", ".DS_Store": "x", "folder/": "" };
  const one = await write("ETHUSDT-1h.zip", await zipOf({ ...junk, "folder/ETHUSDT-1h.csv": eth }));
  assert.match((await importFiles(one)).out, /ETHUSDT 1h, 50 candles: 50 new/);
  const several = await write(
    "candles.zip",
    await zipOf({
      "ETHUSDT-1h.csv": eth,
      "notes.csv": "x",
      "BNBUSDT-1h.csv": csv("BNBUSDT", "2025-06-01", 40),
    }),
  );
  const { code, out, err } = await importFiles(several);
  assert.equal(code, 1);
  assert.deepEqual(
    out.trim().split("\n").map((line) => line.slice(0, line.indexOf(":", several.length))),
    [`${several}/ETHUSDT-1h.csv`, `${several}/BNBUSDT-1h.csv`],
  );
  assert.match(err, /^Cannot read \S+candles.zip\/notes.csv: no column for open_time,open/);
  assert.equal(await scene.count("BNBUSDT"), 40);
});

Deno.test("one invalid file in a folder or pattern does not affect the others", async () => {
  const path = await write("LINKUSDT/LINKUSDT-1h.csv", csv("LINKUSDT", "2025-06-01", 30));
  const folder = path.slice(0, path.lastIndexOf("/"));
  await Deno.writeTextFile(`${folder}/A-1h.csv`, "<html>");
  await Deno.writeTextFile(`${folder}/notes.txt`, "mine");
  await Deno.mkdir(`${folder}/deeper`);
  await Deno.writeTextFile(
    `${folder}/deeper/AVAXUSDT-1h.csv`,
    csv("AVAXUSDT", "2025-06-01", 20).join("\n"),
  );
  const { code, out, err } = await importFiles(folder);
  assert.equal(code, 1);
  assert.match(
    err,
    /^Cannot read \S+A-1h.csv: it is a web page.*\nSkipped 1 files of other kinds/s,
  );
  assert.match(out, /LINKUSDT 1h, 30 candles: 30 new/);
  assert.match(out, /AVAXUSDT 1h, 20 candles: 20 new/);
  assert.match((await importFiles(`${folder}/L*.csv`)).out, /30 unchanged/);
  assert.match((await importFiles(`${folder}/Q*.csv`)).err, /Q\*.csv: no file matches/);
  const empty = await Deno.makeTempDir({ dir: scene.folder });
  assert.match((await importFiles(empty)).err, /Cannot find candle files in/);
});

Deno.test("a small zip that extracts to an endless line is rejected in seconds, with little memory", async () => {
  const bomb = "x".repeat(16 * 1024 ** 2);
  const path = await write("TRXUSDT-1h.zip", await zipOf({ "TRXUSDT-1h.csv": bomb.repeat(16) }));
  const zeros = "0\n".repeat(40 * 1024 ** 2);
  const rows = await write("TRXUSDT-1h.zip", await zipOf({ "TRXUSDT-1h.csv": zeros }));
  const before = Deno.memoryUsage().rss;
  const start = performance.now();
  assert.match((await importFiles(path)).err, /line 1: it is longer than 2000 characters/);
  assert.match((await importFiles(rows)).err, /no column for open_time/);
  assert.ok(performance.now() - start < 20_000);
  assert.ok(Deno.memoryUsage().rss - before < 300 * 1024 ** 2);
});

Deno.test("a file is stored in one transaction: rows in any order, one new version of the series", async () => {
  const path = await write("XRPUSDT-1h.csv", csv("XRPUSDT", "2025-01-01", 3_000).reverse());
  assert.match((await importFiles(path)).out, /3000 candles: 3000 new/);
  const changes = await scene.db.query(
    `select count(distinct change_seq) as count from klines join symbols using (symbol_id)
     where symbol = 'XRPUSDT'`,
  );
  assert.deepEqual(changes, [{ count: 1 }]);
  const range = { from: parseTime("2025-01-01"), to: parseTime("2025-05-06") };
  assert.deepEqual(
    await storedRows(scene.db, { symbol: "XRPUSDT", interval: "1h" }),
    scene.simulator.candles("XRPUSDT", "1h", range).map((row) => row.slice(0, 11)),
  );
});
