import assert from "node:assert/strict";
import { unzipSync } from "fflate";
import { zstdDecompressSync } from "node:zlib";
import { parquetReadObjects } from "hyparquet";
import { parseTime } from "../lib/core/time.ts";
import type { SymbolLife } from "../lib/core/universe/symbol_record.ts";
import { createKlineStore } from "../lib/store/postgres/writing/klines_postgres.ts";
import { createLifeStore } from "../lib/store/postgres/universe/lives_postgres.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { executeTask } from "../lib/testing/command.ts";
import { klinesFrom, marketSymbol } from "../lib/testing/klines.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";

const now = parseTime("2025-06-15T10:20:30Z");
const { db, url, close } = await createTestDatabase();
const store = createKlineStore(db);
const lives = createLifeStore(db);
const run = await createRunLedger(db).start("test", "rest");
const app = await createTestApp({
  db,
  url,
  symbols: ["BTCUSDT"],
  intervals: ["1d"],
  serverTime: now,
});
Deno.test.afterAll(async () => {
  await app.close();
  await close();
});

type Dates = readonly [from: string, to?: string];

/** A symbol with these lives, and 10 daily candles from the start of each, if `isStored`. */
async function add(base: string, own: readonly Dates[], isStored = true): Promise<void> {
  const symbol = `${base}USDT`;
  const status = own.at(-1)![1] === undefined ? "TRADING" : "BREAK";
  await store.saveSymbols([marketSymbol(symbol, { baseAsset: base, status })]);
  const found = own.map(([from, to]): SymbolLife => ({
    listedAt: parseTime(from),
    delistedAt: to === undefined ? undefined : parseTime(to),
    source: "exchange",
    firstPrice: undefined,
    lastPrice: undefined,
  }));
  await lives.save(symbol, { lives: found }, now);
  if (!isStored) return;
  for (const [from] of own) {
    const first = Math.floor(parseTime(from) / 86_400_000) * 86_400_000;
    await store.write({ symbol, interval: "1d" }, klinesFrom(first, "1d", 10), run);
  }
}

await add("BTC", [["2020-01-01"]]);
await add("LUNA", [["2020-08-21T10:00", "2020-09-01"], ["2022-05-31T06:00"]]);
await add("SRM", [["2020-08-11T05:00", "2022-11-28T09:00"]]);
await add("FAR", [["2020-05-01", "2020-10-01"]], false);
await add("LATE", [["2023-01-01"]]);

const QUERY = "symbols=universe&interval=1d";

async function get(query: string, init?: RequestInit) {
  const response = await app.fetch(`/export?${query}`, init);
  return { status: response.status, headers: response.headers, bytes: await response.bytes() };
}

async function problemOf(query: string) {
  const { status, bytes } = await get(query);
  const { error } = JSON.parse(new TextDecoder().decode(bytes));
  return [status, error.param, error.message] as const;
}

Deno.test("GET /export?symbols=universe: a zip of the symbols of a day, with their list", async () => {
  const { status, headers, bytes } = await get(`${QUERY}&at=2020-08-25&archive=zip`);
  assert.equal(status, 200);
  assert.match(headers.get("content-disposition")!, /filename="universe-2020-08-25\.zip"/);
  assert.equal(headers.get("x-wick-universe"), "3 of 4");
  assert.equal(headers.get("x-wick-rows"), "30");
  const files = Object.entries(unzipSync(bytes)).map(([name, file]) =>
    [name, new TextDecoder().decode(file).trimEnd().split("\n")] as const
  );
  assert.deepEqual(files.map(([name, lines]) => [name, lines.length]), [
    ["universe-2020-08-25.csv", 5],
    ["BTCUSDT-1d.csv", 11],
    ["LUNAUSDT-1d.csv", 11],
    ["SRMUSDT-1d.csv", 11],
  ]);
  const [head, , far] = files[0]![1];
  assert.match(head!, /^symbol,base,quote,listed_at,.*,stored_intervals$/);
  assert.match(far!, /^FARUSDT,FAR,USDT,2020-05-01T00:00:00.000Z,2020-10-01T00:00:00.000Z,.*,$/);
});

Deno.test("GET /export?symbols=universe has only the life on that day of a name that was reused", async () => {
  const opens = async (at: string) => {
    const { bytes } = await get(`${QUERY}&at=${at}&archive=zip`);
    const text = new TextDecoder().decode(unzipSync(bytes)["LUNAUSDT-1d.csv"]);
    return text.split("\n").slice(1, -1).map((line) => line.slice(0, 10));
  };
  const [first, second] = [await opens("2020-08-25"), await opens("2022-06-01")];
  assert.deepEqual([first[0], first.length], ["2020-08-21", 10]);
  assert.deepEqual([second[0], second.length], ["2022-05-31", 10]);
});

async function rowsOf(bytes: Uint8Array) {
  return await parquetReadObjects({
    file: bytes.slice().buffer as ArrayBuffer,
    compressors: { ZSTD: (page) => zstdDecompressSync(page) },
  });
}

Deno.test("GET /export?symbols=universe: one Parquet file with the symbol as a column", async () => {
  const { headers, bytes } = await get(`${QUERY}&at=2023-01-05&quote=USDT&format=parquet`);
  assert.match(headers.get("content-disposition")!, /"universe-2023-01-05-USDT\.parquet"/);
  const rows = await rowsOf(bytes);
  const counts = Map.groupBy(rows, (row) => row["symbol"]);
  assert.deepEqual([...counts].map(([symbol, own]) => [symbol, own.length]), [
    ["BTCUSDT", 10],
    ["LATEUSDT", 10],
    ["LUNAUSDT", 10],
  ]);
  const one = await get(`${QUERY}&at=2020-02-01&format=parquet`);
  const alone = await rowsOf(one.bytes);
  assert.deepEqual([alone.length, alone[0]!["symbol"]], [10, "BTCUSDT"]);
});

Deno.test("GET /export?symbols=universe: its ETag changes with the candles and with the list", async () => {
  const path = `${QUERY}&at=2020-08-25&archive=zip`;
  const etag = (await get(path, { method: "HEAD" })).headers.get("etag")!;
  const again = await get(path, { headers: { "if-none-match": etag } });
  assert.equal(again.status, 304);
  await add("FAR", [["2020-05-01", "2020-10-02"]], false);
  assert.notEqual((await get(path, { method: "HEAD" })).headers.get("etag"), etag);
});

Deno.test("GET /export?symbols=universe: mistakes are named", async () => {
  const cases: [string, number, string, RegExp][] = [
    ["interval=1d", 400, "symbol", /is missing/],
    [`${QUERY}`, 400, "at", /is missing/],
    [`${QUERY}&at=2020-08-25&symbol=BTCUSDT`, 400, "symbols", /excludes symbol/],
    ["symbol=BTCUSDT&interval=1d&at=2020-01-01", 400, "at", /needs symbols=universe/],
    ["symbols=all&interval=1d&at=2020-01-01", 400, "symbols", /must be universe/],
    [`${QUERY}&at=2025-06-16`, 400, "at", /must not be after today/],
    [`${QUERY}&at=2020-08-25&format=binance`, 400, "format", /zip/],
    [`${QUERY}&at=2016-01-01`, 404, "symbols", /none of the 0 symbols of 2016-01-01/],
    ["symbols=universe&interval=1h&at=2020-08-25", 404, "symbols", /none of the 4 .* stored at 1h/],
  ];
  for (const [query, status, param, message] of cases) {
    const problem = await problemOf(query);
    assert.deepEqual(problem.slice(0, 2), [status, param], query);
    assert.match(problem[2], message);
  }
});

Deno.test("export --symbols universe writes the same bytes", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wick-universe-" });
  try {
    const out = `${folder}/universe.zip`;
    const args = ["--symbols", "universe", "--at", "2020-08-25", "--interval", "1d"];
    const { code, out: printed } = await executeTask(
      { DATABASE_URL: url, BINANCE_URLS: "http://127.0.0.1:1" },
      ["export", ...args, "--archive", "zip", "--out", out],
    );
    assert.equal(code, 0);
    assert.match(printed, /Wrote 30 candles/);
    const { bytes } = await get(`${QUERY}&at=2020-08-25&archive=zip`);
    assert.deepEqual(await Deno.readFile(out), bytes);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
