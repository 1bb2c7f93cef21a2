import assert from "node:assert/strict";
import { zstdDecompressSync } from "node:zlib";
import { BlobReader, type FileEntry, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { parquetReadObjects } from "hyparquet";
import { KLINE_COLUMNS, type Series } from "../lib/core/kline.ts";
import { HOUR_MS, parseTime } from "../lib/core/time.ts";
import { createImportedStore } from "../lib/store/postgres/writing/imported_postgres.ts";
import { createKlineStore } from "../lib/store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import { createTestApp, fetchPage } from "../lib/testing/app.ts";
import { klinesFrom, marketSymbol, toImported } from "../lib/testing/klines.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";

const { db, url, close } = await createTestDatabase();
const store = createKlineStore(db);
const imports = createImportedStore(db);
const run = await createRunLedger(db).start("test", "rest");
const btc: Series = { symbol: "BTCUSDT", interval: "1h" };
/** Delisted: known from a file only. */
const gone: Series = { symbol: "GONEUSDT", interval: "1h" };

const START = parseTime("2024-01-01");
const klines = klinesFrom(START, "1h", 60);
/** Absent at the exchange, or not collected yet. */
const LACKING = [10, 11, 12, 30, 31, 50];
const isLacking = (i: number) => LACKING.includes(i);

await store.saveSymbols([marketSymbol("BTCUSDT"), marketSymbol("GONEUSDT")]);
for (const series of [btc, gone]) await store.openSeries(series);
await store.write(btc, klines.filter((_, i) => !isLacking(i)), run);
const weak = klines.map((kline, i) =>
  toImported(kline, i % 2 === 0 ? { closeTime: kline.closeTime } : { volume: undefined })
);
await imports.write(btc, weak.slice(0, 50), run);
await imports.write(gone, weak.slice(0, 5), run);
/** Places of the imported candles of btc. */
const SHOWN = [10, 11, 12, 30, 31];

const app = await createTestApp({
  db,
  url,
  symbols: ["BTCUSDT"],
  intervals: ["1h"],
  serverTime: START + 60 * HOUR_MS,
});
Deno.test.afterAll(async () => {
  await app.close();
  await close();
});

const EXPORT = "/export?symbol=BTCUSDT&interval=1h";
const RANGE = "&from=2024-01-01T08:00Z&to=2024-01-01T14:00Z";

async function text(path: string, status = 200, init?: RequestInit) {
  const response = await app.fetch(path, init);
  const body = await response.text();
  assert.equal(response.status, status, body);
  return { body, headers: response.headers };
}

const compressors = { ZSTD: (packed: Uint8Array) => new Uint8Array(zstdDecompressSync(packed)) };

const linesOf = (body: string) => body.trimEnd().split("\n").slice(1);

Deno.test("exports contain the exchange's candles only, unless imported=1 asks for more", async () => {
  const own = await text(EXPORT);
  assert.equal(linesOf(own.body).length, 54);
  assert.equal(own.headers.get("x-wick-imported"), null);
  assert.ok(!own.body.includes("source"));

  const { body, headers } = await text(`${EXPORT}&imported=1`);
  const lines = linesOf(body);
  assert.match(body, /^open_time,.*,taker_buy_quote_asset_volume,source\n/);
  assert.equal(lines.length, 59);
  assert.deepEqual(
    [headers.get("x-wick-rows"), headers.get("x-wick-imported"), headers.get("x-wick-gaps")],
    ["59", "5", "3"],
  );
  assert.equal(headers.get("x-wick-next-cursor"), null);
  assert.equal(
    headers.get("content-disposition"),
    'attachment; filename="BTCUSDT-1h-with-imported.csv"',
  );
  assert.notEqual(headers.get("etag"), own.headers.get("etag"));
  assert.deepEqual(
    lines.filter((line) => line.endsWith(",exchange")).map((line) => line.slice(0, -9)),
    linesOf(own.body),
  );
  const [even, odd] = [lines[10]!, lines[11]!];
  const { openPrice, highPrice, lowPrice, closePrice } = klines[10]!;
  assert.equal(
    even,
    [
      "2024-01-01T10:00:00.000Z",
      openPrice,
      highPrice,
      lowPrice,
      closePrice,
      "12.5",
      "2024-01-01T10:59:59.999Z,,,,,imported",
    ].join(),
  );
  assert.match(odd, /^2024-01-01T11:00:00\.000Z,[\d.]+,[\d.]+,[\d.]+,[\d.]+,,,,,,,imported$/);
});

Deno.test("every format marks imported candles and writes missing values as null", async () => {
  const query = `${EXPORT}&imported=1${RANGE}`;
  const { body } = await text(`${query}&format=json&time=ms`);
  const rows: Record<string, unknown>[] = JSON.parse(body);
  assert.deepEqual(rows.map((row) => row["source"]), [
    "exchange",
    "exchange",
    ...Array(3).fill("imported"),
    "exchange",
  ]);
  assert.equal(Object.keys(rows[0]!).at(-1), "source");
  const { volume, close_time: closeTime, number_of_trades: trades } = rows[2]!;
  assert.deepEqual([volume, closeTime, trades], ["12.5", klines[10]!.closeTime, null]);
  assert.deepEqual([rows[3]!["volume"], rows[3]!["close_time"]], [null, null]);
  assert.equal(rows[0]!["number_of_trades"], klines[8]!.numberOfTrades);

  const ndjson = (await text(`${query}&format=ndjson&time=ms`)).body.trimEnd().split("\n");
  assert.deepEqual(ndjson.map((line) => JSON.parse(line)), rows);

  const file = await (await app.fetch(`${query}&format=parquet`)).bytes();
  const table = await parquetReadObjects({
    file: file.buffer,
    compressors,
  });
  const seen = table.map((row) => ({
    open: (row["open_time"] as Date).getTime(),
    close: row["close_time"] === null ? null : (row["close_time"] as Date).getTime(),
    trades: row["number_of_trades"],
    isWeak: row["quote_asset_volume"] === null,
    source: row["source"],
  }));
  assert.deepEqual(
    seen,
    rows.map((row) => ({
      open: row["open_time"],
      close: row["close_time"],
      trades: row["number_of_trades"],
      isWeak: row["source"] === "imported",
      source: row["source"],
    })),
  );
});

Deno.test("a series known from a file alone is served with imported=1, and 404 says so without", async () => {
  const path = "/export?symbol=GONEUSDT&interval=1h";
  const missing = JSON.parse((await text(path, 404)).body);
  assert.match(missing.error.message, /only 5 imported candles are stored.*imported=1/);
  const { body, headers } = await text(`${path}&imported=1`);
  assert.equal(linesOf(body).length, 5);
  assert.equal(headers.get("x-wick-imported"), "5");
  const both = await text("/export?symbol=BTCUSDT,GONEUSDT&interval=1h&imported=1");
  assert.equal(linesOf(both.body).length, 64);
  assert.match(both.headers.get("content-disposition")!, /"candles-with-imported\.csv"/);
  const candles = JSON.parse(
    (await text("/api/candles?symbol=GONEUSDT&interval=1h&imported=1")).body,
  );
  assert.deepEqual(candles.source, Array(5).fill("imported"));
  await text("/api/candles?symbol=GONEUSDT&interval=1h", 404);
});

Deno.test("/api/candles has the source of each candle and null for missing values", async () => {
  const path = "/api/candles?symbol=BTCUSDT&interval=1h";
  const own = JSON.parse((await text(path)).body);
  assert.equal("source" in own, false);
  assert.equal(own.open_time.length, 54);
  const all = JSON.parse((await text(`${path}&imported=1`)).body);
  assert.equal(all.open_time.length, 59);
  assert.deepEqual(
    all.source.flatMap((source: string, i: number) => source === "imported" ? [i] : []),
    SHOWN,
  );
  assert.deepEqual([all.volume[10], all.volume[11], all.number_of_trades[10]], [12.5, null, null]);
  const newest = JSON.parse((await text(`${path}&imported=1&limit=30`)).body);
  assert.deepEqual(newest.open_time, all.open_time.slice(-30));
  const oldest = JSON.parse((await text(`${path}&imported=1&limit=12&from=0`)).body);
  assert.deepEqual(oldest.open_time, all.open_time.slice(0, 12));
});

Deno.test("parts of a CSV with imported candles are parts of its bytes", async () => {
  const query = `${EXPORT}&imported=1${RANGE}`;
  const { body } = await text(query);
  for (const [first, last] of [[0, 9], [100, 400], [body.length - 30, body.length - 1]] as const) {
    const range = { range: `bytes=${first}-${last}` };
    const part = await text(query, 206, { headers: range });
    assert.equal(part.body, body.slice(first, last + 1));
    assert.equal(part.headers.get("content-range"), `bytes ${first}-${last}/${body.length}`);
  }
});

Deno.test("HEAD, 304, checksums and zips with imported candles are those of the file", async () => {
  const path = `${EXPORT}&imported=1`;
  const { body, headers } = await text(path);
  const head = await app.fetch(path, { method: "HEAD" });
  for (const name of ["etag", "x-wick-rows", "x-wick-imported", "content-disposition"]) {
    assert.equal(head.headers.get(name), headers.get(name));
  }
  const etag = { "if-none-match": headers.get("etag")! };
  await text(path, 304, { headers: etag });
  await text(EXPORT, 200, { headers: etag });
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body)));
  assert.equal(
    (await text(`${path}&checksum=1`)).body,
    `${sum.toHex()}  BTCUSDT-1h-with-imported.csv\n`,
  );
  const zip = await (await app.fetch(`${path}&archive=zip&format=parquet`)).blob();
  const [entry] = await new ZipReader(new BlobReader(zip)).getEntries();
  assert.equal(entry!.filename, "BTCUSDT-1h-with-imported.parquet");
  const file = await (entry as FileEntry).getData(new Uint8ArrayWriter());
  const rows = await parquetReadObjects({ file: file.buffer as ArrayBuffer, compressors });
  assert.deepEqual(
    rows.map((row) => row["source"]),
    linesOf(body).map((line) => line.split(",").at(-1)),
  );
});

const rowsOf = (html: string) =>
  [...html.matchAll(/<tr class="([^"]*)">(.*?)<\/tr>/gs)].map(([, kind, row]) =>
    [kind!, ...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map((cell) =>
      (typeof cell === "string" ? cell : cell[1]!).replaceAll(/<[^>]+>/g, "")
    )
  );

Deno.test("charts draw imported candles with imported=1 only, apart from the exchange's", async () => {
  const path = "/charts?interval=1h&symbol=BTCUSDT";
  const plain = await fetchPage(app, path);
  assert.match(plain.text, /54 closed candles, 6 missing\. /);
  assert.match(plain.text, /5 imported candles .* are not drawn\. Draw them/);
  assert.doesNotMatch(plain.html, /marks imported|row-imported|chip-imported/);
  const on = "./charts?imported=1&amp;interval=1h&amp;symbol=BTCUSDT";
  assert.ok(plain.html.includes(`<a href="${on}">Draw them</a>`));

  const { html, text: words } = await fetchPage(app, `${path}&imported=1&overlays=sma2`);
  assert.match(words, /54 closed candles, 6 missing, 5 imported, not from the exchange\. /);
  assert.match(words, /are drawn in grey, with dashed sides\. Hide them/);
  assert.match(words, /Imported, not from the exchange/);
  assert.match(html, /gap-pending"><title[^>]*>3 candles missing: refetch pending/);
  assert.equal(html.match(/<svg class="marks imported"/g)?.length, 2, "wide and narrow");
  const own = "/export?symbol=BTCUSDT&amp;interval=1h";
  const range = "&amp;from=2024-01-01T00:00Z&amp;to=2024-01-03T12:00Z";
  assert.deepEqual(
    [...html.matchAll(/ href="(\/export[^"]*)"/g)].map(([, href]) => href),
    [`${own}${range}&amp;imported=1`, `${own}&amp;imported=1`, `${own}${range}`],
    "view, whole series, and the file that the proof is of",
  );
  assert.match(words, /CSV 59 rows .*Full CSV 59 rows/);
  assert.match(words, /Proof: 54 rows/);
  assert.match(html, /format=json/);
  assert.match(html, /export\?symbol=BTCUSDT&amp;interval=1h&amp;from=[^"]*&amp;imported=1/);
});

Deno.test("the table marks imported candles, and missing values are not 0", async () => {
  const { html } = await fetchPage(
    app,
    "/charts?symbol=BTCUSDT&interval=1h&imported=1&from=2024-01-01T08:00&to=2024-01-01T15:00",
  );
  const rows = rowsOf(html);
  const [odd, even] = rows.filter(([kind]) => kind === "row-imported").slice(1);
  assert.deepEqual(rows.map(([kind]) => kind), [
    "row-imported",
    "row-imported",
    "row-imported",
    "gap-row gap-pending",
  ]);
  assert.equal(odd![1], "2024-01-01 11:00");
  assert.deepEqual(odd!.slice(7, 10), ["–", "–", "–"]);
  assert.equal(odd![10], "imported, not from the exchange");
  assert.deepEqual(even!.slice(7, 10), ["12.5", "–", "–"]);
});

Deno.test("the chart of a series known from a file alone is drawn with imported=1, and 404 says so without", async () => {
  const path = "/charts?symbol=GONEUSDT&interval=1h";
  const { response, text } = await fetchPage(app, path);
  assert.equal(response.status, 404);
  assert.match(text, /only 5 imported candles are stored, which imported=1 of \/charts/);
  const drawn = await fetchPage(app, `${path}&imported=1`);
  assert.equal(drawn.response.status, 200);
  assert.equal(drawn.response.headers.get("refresh"), null);
  assert.match(drawn.text, /0 closed candles, 5 missing, 5 imported, not from the exchange\./);
  assert.doesNotMatch(drawn.text, /Proof:|stored once it has closed/);
  assert.doesNotMatch(drawn.html, /class="tag/);
  const empty = await fetchPage(app, `${path}&imported=1&to=2023-01-01`);
  assert.match(empty.text, /GONEUSDT 1h has 5 candles, from 2024-01-01 00:00 UTC/);
  const elsewhere = await fetchPage(app, "/charts?symbol=BTCUSDT&interval=1h&to=2023-01-01");
  assert.match(elsewhere.text, /5 imported candles .* are not drawn\. Draw them/);
  const invalid = await fetchPage(app, `${path}&imported=yes`);
  assert.equal(invalid.response.status, 400);
  assert.match(invalid.text, /parameter imported request/);
});

Deno.test("parameters that imported candles have no answer for are 400", async () => {
  for (
    const other of ["format=binance", "rollup=1", "as_of=2024-01-02", "after=1-1~x", "imported=1"]
  ) {
    await text(`${EXPORT}&imported=1&${other}`, 400);
  }
  await text("/export?symbols=universe&at=2024-01-01&interval=1h&imported=1", 400);
  await text("/api/candles?symbol=BTCUSDT&interval=1h&imported=1&rollup=1", 400);
  for (const value of ["0", "true", ""]) await text(`${EXPORT}&imported=${value}`, 400);
  const path = "/api/v3/klines?symbol=BTCUSDT&interval=1h";
  await text(`${path}&imported=1`, 400);
  const rows: unknown[][] = JSON.parse((await text(path)).body);
  assert.equal(rows.length, 54);
});

Deno.test("symbols known from a file alone are not in the exchange's lists", async () => {
  const info = JSON.parse((await text("/api/v3/exchangeInfo")).body);
  assert.deepEqual(info.symbols.map((one: { symbol: string }) => one.symbol), ["BTCUSDT"]);
});

Deno.test("/api/series, /api/gaps, /status and /charts tell imported candles from the exchange's", async () => {
  const { series } = JSON.parse((await text("/api/series")).body);
  const counts = series.map((one: Record<string, unknown>) =>
    [one["symbol"], one["rows"], one["imported"]].join(" ")
  );
  assert.deepEqual(counts, ["BTCUSDT 54 5", "GONEUSDT 0 5"]);
  const { gaps } = JSON.parse((await text("/api/gaps?symbol=BTCUSDT&interval=1h")).body);
  assert.deepEqual(
    gaps.map((gap: Record<string, unknown>) => [gap["missing"], gap["imported"], gap["class"]]),
    [[3, 3, "pending"], [2, 2, "pending"], [1, 0, "pending"]],
    "a gap that imported candles cover remains one",
  );
  const page = async (path: string) => (await fetchPage(app, path)).text;
  const status = await page("/status");
  assert.match(status, /BTCUSDT 1h .* 54 \+ 5 imported/);
  assert.match(status, /GONEUSDT 1h .* 0 \+ 5 imported/);
  for (const path of ["/status", "/status?begin=2024-01-01T10:00Z"]) {
    assert.match(await page(path), /10:00 to 13:00 .*?; imported candles: 3 next repair/);
  }
  const charts = await page("/charts?symbol=BTCUSDT&interval=1h");
  assert.match(
    charts,
    /5 imported candles of this series \(from a file; not the exchange(?:'|&#39;)s\)/,
  );
});

Deno.test("imported candles change their own version only, and the exchange's replace them", async () => {
  const [own, all] = [await text(EXPORT), await text(`${EXPORT}&imported=1`)];
  const candles = "/api/candles?symbol=BTCUSDT&interval=1h&imported=1";
  const before = await text(candles);
  await imports.write(btc, weak.slice(50, 51), run);
  const later = await text(`${EXPORT}&imported=1`);
  assert.equal((await text(EXPORT)).headers.get("etag"), own.headers.get("etag"));
  assert.notEqual(later.headers.get("etag"), all.headers.get("etag"));
  assert.notEqual((await text(candles)).headers.get("etag"), before.headers.get("etag"));
  assert.equal(linesOf(later.body).length, 60);

  await store.write(btc, klines.slice(9, 13), run);
  const replaced = await text(`${EXPORT}&imported=1`);
  assert.equal(replaced.headers.get("x-wick-imported"), "3");
  assert.equal(linesOf(replaced.body).length, 60);
  const rows = await db.query(
    `select count(*) as stored, (select imported_rows from series s where s.symbol_id = i.symbol_id
       and s.interval = i.interval) as counted
     from imported_klines i join symbols using (symbol_id) where symbol = 'BTCUSDT'
     group by i.symbol_id, i.interval`,
  );
  assert.deepEqual(rows, [{ stored: 3, counted: 3 }], "deleted and counted with the write");
});

Deno.test("candles of the exchange that were stored by hand replace imported ones at the next prune", async () => {
  const signal = new AbortController().signal;
  await imports.prune(signal);
  assert.equal(await imports.prune(signal), 0);
  const columns = `stored_at, change_seq, run_id, ${KLINE_COLUMNS}`;
  const id = (symbol: string) => `(select symbol_id from symbols where symbol = '${symbol}')`;
  await db.query(
    `insert into klines (symbol_id, interval, ${columns})
     select ${id("GONEUSDT")}, interval, ${columns} from klines
     where symbol_id = ${id("BTCUSDT")} and open_time < '2024-01-01T02:00Z'`,
  );
  const path = "/export?symbol=GONEUSDT&interval=1h&imported=1";
  assert.equal((await text(path)).headers.get("x-wick-imported"), "3");
  await db.query(`update series set version = version + 1 where symbol_id = ${id("GONEUSDT")}`);
  assert.equal(await imports.prune(signal), 2);
  assert.equal(await imports.prune(signal), 0);
  assert.equal((await text(path)).headers.get("x-wick-imported"), "3");
});
