import assert from "node:assert/strict";
import { zstdDecompressSync } from "node:zlib";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parseDecimal } from "../lib/core/decimal.ts";
import { endOf, type Interval } from "../lib/core/interval.ts";
import type { Kline } from "../lib/core/kline.ts";
import { HOUR_MS, parseTime, toIso } from "../lib/core/time.ts";
import { createGapLedger } from "../lib/store/postgres/writing/gaps_postgres.ts";
import { createKlineStore } from "../lib/store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { marketSymbol } from "../lib/testing/klines.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";
import type { KlineRow } from "../packages/simulator/market/kline_row.ts";
import { startSimulator } from "../packages/simulator/simulator.ts";

const simulator = await startSimulator({
  now: parseTime("2025-03-04T10:20:30Z"),
  since: parseTime("2025-01-01T03:00Z"),
  frozen: true,
});
const { db, url, close } = await createTestDatabase();
const store = createKlineStore(db);
const gaps = createGapLedger(db);
const run = await createRunLedger(db).start("test", "rest");

const toKline = (row: KlineRow): Kline => ({
  openTime: row[0],
  openPrice: parseDecimal(row[1]),
  highPrice: parseDecimal(row[2]),
  lowPrice: parseDecimal(row[3]),
  closePrice: parseDecimal(row[4]),
  volume: parseDecimal(row[5]),
  closeTime: row[6],
  quoteAssetVolume: parseDecimal(row[7]),
  numberOfTrades: row[8],
  takerBuyBaseAssetVolume: parseDecimal(row[9]),
  takerBuyQuoteAssetVolume: parseDecimal(row[10]),
});

async function collect(symbol: string, interval: Interval, lacking: readonly string[] = []) {
  const absent = new Set(lacking.map((time) => parseTime(time)));
  const klines = simulator.candles(symbol, interval).map(toKline);
  await store.saveSymbols([marketSymbol(symbol)]);
  await store.openSeries({ symbol, interval });
  for (let i = 0; i < klines.length; i += 10_000) {
    const batch = klines.slice(i, i + 10_000).filter(({ openTime }) => !absent.has(openTime));
    await store.write({ symbol, interval }, batch, run);
  }
  await store.saveListedAt({ symbol, interval }, klines[0]!.openTime);
}

const LACKING = ["2025-02-10T05:00:00Z", "2025-02-20T13:00:00Z"];
await collect("BTCUSDT", "1h");
await collect("BTCUSDT", "1d");
await collect("ETHUSDT", "1h", LACKING);
await collect("ETHUSDT", "1m");
const app = await createTestApp({
  db,
  url,
  symbols: ["BTCUSDT", "ETHUSDT"],
  intervals: ["1h", "1d"],
  serverTime: parseTime("2025-03-04T10:20:30Z"),
});
Deno.test.afterAll(async () => {
  await app.close();
  await simulator.close();
  await close();
});

async function text(path: string, status = 200): Promise<{ body: string; headers: Headers }> {
  const response = await app.fetch(path);
  const body = await response.text();
  assert.equal(response.status, status, body);
  return { body, headers: response.headers };
}

/** The exchange's own candles as CSV lines. */
const expectedLines = (symbol: string, interval: Interval) =>
  simulator.candles(symbol, interval).map(([open, ...rest]) =>
    [
      toIso(open),
      ...rest.slice(0, 5),
      toIso(endOf(open, interval) - 1),
      ...rest.slice(6, 10),
    ].join()
  );

const linesOf = (body: string) => body.trimEnd().split("\n").slice(1);

for (const interval of ["4h", "12h", "3d", "1w", "1M"] as const) {
  Deno.test(`${interval} derived from shorter candles equals the exchange's own, digit by digit`, async () => {
    const { body, headers } = await text(`/export?symbol=BTCUSDT&interval=${interval}&rollup=1`);
    const lines = linesOf(body);
    assert.deepEqual(lines, expectedLines("BTCUSDT", interval));
    const base = ["4h", "12h"].includes(interval) ? "1h" : "1d";
    assert.equal(headers.get("x-wick-derived"), base);
    assert.equal(headers.get("x-wick-rows"), String(lines.length));
    assert.equal(headers.get("x-wick-next-cursor"), null);
    assert.equal(
      headers.get("content-disposition"),
      `attachment; filename="BTCUSDT-${interval}-from-${base}.csv"`,
    );
  });
}

Deno.test("an interval that is stored is sent as the exchange's own, with or without rollup", async () => {
  for (
    const path of ["/export?symbol=BTCUSDT&interval=1d", "/api/candles?symbol=BTCUSDT&interval=1h"]
  ) {
    const [own, rollup] = [await text(path), await text(`${path}&rollup=1`)];
    assert.equal(own.body, rollup.body);
    assert.equal(rollup.headers.get("x-wick-derived"), null);
    assert.equal("derived_from" in JSON.parse(path.startsWith("/api") ? rollup.body : "{}"), false);
  }
});

Deno.test("without rollup an interval that is not collected is 404, and without a base with it too", async () => {
  for (const path of ["/export", "/api/candles"]) {
    const plain = JSON.parse((await text(`${path}?symbol=BTCUSDT&interval=4h`, 404)).body);
    assert.match(plain.error.message, /Cannot find series BTCUSDT 4h/);
    const none = JSON.parse((await text(`${path}?symbol=BTCUSDT&interval=15m&rollup=1`, 404)).body);
    assert.match(
      none.error.message,
      /Cannot derive BTCUSDT 15m: .* no shorter interval that divides it is/,
    );
    assert.equal(none.error.param, "interval");
    const unknown = JSON.parse(
      (await text(`${path}?symbol=NOPEUSDT&interval=4h&rollup=1`, 404)).body,
    );
    assert.equal(unknown.error.param, "symbol");
    for (const rollup of ["0", "true", ""]) {
      await text(`${path}?symbol=BTCUSDT&interval=4h&rollup=${rollup}`, 400);
    }
  }
  const several = JSON.parse(
    (await text("/export?symbol=BTCUSDT,NOPEUSDT&interval=4h&rollup=1", 404)).body,
  );
  assert.match(several.error.message, /Cannot find series NOPEUSDT 4h/);
  assert.equal(several.error.param, "symbol");
  for (const past of ["as_of=2025-03-01", "after=1-1~x"]) {
    await text(`/export?symbol=BTCUSDT&interval=4h&rollup=1&${past}`, 400);
  }
  await text("/api/v3/klines?symbol=BTCUSDT&interval=4h&rollup=1", 400);
});

Deno.test("candles with pending parts are left out and named, and come back when they are confirmed", async () => {
  const path = "symbol=ETHUSDT&interval=12h&rollup=1";
  const whole = expectedLines("ETHUSDT", "12h");
  const before = await text(`/export?${path}`);
  const lacking = ["2025-02-10T00:00:00.000Z", "2025-02-20T12:00:00.000Z"];
  assert.deepEqual(
    linesOf(before.body),
    whole.filter((line) => !lacking.some((time) => line.startsWith(time))),
  );
  assert.equal(before.headers.get("x-wick-gaps"), "2");
  const candles = JSON.parse((await text(`/api/candles?${path}&limit=5000`)).body);
  assert.deepEqual(candles.omitted, lacking.map((time) => parseTime(time)));
  assert.equal(candles.derived_from, "1h");
  assert.equal(candles.open_time.length, whole.length - 2);

  const tag = before.headers.get("etag")!;
  const evidence = { askedAt: 0, host: undefined, asked: 1, others: 0, othersMissing: 0 };
  for (const gap of await gaps.list({ symbol: "ETHUSDT", interval: "1h" })) {
    await gaps.classify(gap, gap, { class: "exchange_outage", evidence });
  }
  const after = await text(`/export?${path}`);
  assert.equal(linesOf(after.body).length, whole.length, "of the parts that the exchange has");
  assert.notEqual(after.headers.get("etag"), tag);
  const own = await text("/export?symbol=ETHUSDT&interval=1h");
  assert.notEqual(after.headers.get("etag"), own.headers.get("etag"));
});

Deno.test("ranges, limits and pages of derived candles are those of stored ones", async () => {
  const all = JSON.parse(
    (await text("/api/candles?symbol=BTCUSDT&interval=4h&rollup=1&limit=5000")).body,
  );
  const opens: number[] = all.open_time;
  const newest = JSON.parse(
    (await text("/api/candles?symbol=BTCUSDT&interval=4h&rollup=1&limit=7")).body,
  );
  assert.deepEqual(newest.open_time, opens.slice(-7));
  assert.deepEqual(newest.close_price, all.close_price.slice(-7));
  const paged: number[] = [];
  for (let from = 0;;) {
    const page = JSON.parse(
      (await text(`/api/candles?symbol=BTCUSDT&interval=4h&rollup=1&limit=100&from=${from}`)).body,
    );
    paged.push(...page.open_time);
    if (page.open_time.length < 100) break;
    from = page.open_time.at(-1) + 1;
  }
  assert.deepEqual(paged, opens);
  const range = await text(
    "/export?symbol=BTCUSDT&interval=4h&rollup=1&from=2025-02-01T01:00Z&to=2025-02-01T12:00Z",
  );
  assert.deepEqual(linesOf(range.body).map((line) => line.slice(0, 16)), [
    "2025-02-01T04:00",
    "2025-02-01T08:00",
  ]);
  const empty = await text("/export?symbol=BTCUSDT&interval=4h&rollup=1&from=2030-01-01");
  assert.deepEqual([linesOf(empty.body), empty.headers.get("x-wick-rows")], [[], "0"]);
  assert.match(empty.body, /^open_time,/);
});

Deno.test("every format has the derived candles, and says so", async () => {
  const query = "symbol=ETHUSDT&interval=3m&rollup=1&from=2025-02-01&to=2025-03-03";
  const lines = linesOf((await text(`/export?${query}`)).body);
  assert.equal(lines.length, 30 * 24 * 20);
  const json = JSON.parse((await text(`/export?${query}&format=json`)).body);
  assert.deepEqual(
    json.map((row: Record<string, unknown>) => {
      const { derived_from: from, ...values } = row;
      assert.equal(from, "1m");
      return Object.values(values).join();
    }),
    lines,
  );
  const ndjson = (await text(`/export?${query}&format=ndjson`)).body.trimEnd().split("\n");
  assert.deepEqual(ndjson.map((line) => JSON.parse(line)), json);
  const binance = (await text(`/export?${query}&format=binance`)).body.trimEnd().split("\n");
  assert.equal(binance[0]!.split(",").length, 12);
  assert.equal(binance.length, lines.length);

  const file = await (await app.fetch(`/export?${query}&format=parquet`)).bytes();
  const metadata = parquetMetadata(file.buffer);
  assert.deepEqual(metadata.key_value_metadata, [{
    key: "wick.derived",
    value: "ETHUSDT 3m = 1m",
  }]);
  assert.ok(metadata.row_groups.length > 1);
  const rows = await parquetReadObjects({
    file: file.buffer,
    compressors: { ZSTD: (packed) => new Uint8Array(zstdDecompressSync(packed)) },
  });
  assert.deepEqual(
    rows.map((row) => toIso((row["open_time"] as Date).getTime())),
    lines.map((line) => line.split(",")[0]),
  );
});

Deno.test("stored and derived series go into one file, and the header names the derived ones", async () => {
  const query = "symbol=BTCUSDT,ETHUSDT&interval=1h,6h&rollup=1&from=2025-02-25&to=2025-02-26";
  const { body, headers } = await text(`/export?${query}`);
  assert.equal(headers.get("x-wick-derived"), "BTCUSDT-6h=1h, ETHUSDT-6h=1h");
  assert.deepEqual(
    Object.entries(Object.groupBy(linesOf(body), (line) => line.split(",").slice(0, 2).join(" ")))
      .map(([name, lines]) => `${name}: ${lines!.length}`),
    ["BTCUSDT 1h: 24", "BTCUSDT 6h: 4", "ETHUSDT 1h: 24", "ETHUSDT 6h: 4"],
  );
  const head = await app.fetch(`/export?${query}`, { method: "HEAD" });
  assert.equal(head.headers.get("etag"), headers.get("etag"));
  assert.equal(head.headers.get("accept-ranges"), null);
});

Deno.test("a candle is derived only once all its parts have closed", async () => {
  const body = JSON.parse(
    (await text("/api/candles?symbol=BTCUSDT&interval=8h&rollup=1&limit=1")).body,
  );
  assert.equal(body.open_time[0], parseTime("2025-03-04T00:00Z"));
  assert.equal(body.close_time[0] - body.open_time[0], 8 * HOUR_MS - 1);
});
