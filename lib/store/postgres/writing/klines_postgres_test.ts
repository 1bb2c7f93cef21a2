import assert from "node:assert/strict";
import { parseDecimal } from "../../../core/decimal.ts";
import type { Interval } from "../../../core/interval.ts";
import type { Kline, Series } from "../../../core/kline.ts";
import { type EpochMs, parseTime, toIso } from "../../../core/time.ts";
import { klineAt, klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase, walBytes } from "../../../testing/database/postgres.ts";
import { createGapLedger } from "./gaps_postgres.ts";
import { createKlineStore } from "./klines_postgres.ts";
import { createRunLedger } from "../status/runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const store = createKlineStore(db);
const ledger = createGapLedger(db);
const run = await createRunLedger(db).start("test", "rest");
const from = "2024-01-01T00:00:00Z";

let made = 0;
/** A series that no other test uses. */
async function newSeries(interval: Interval = "1h"): Promise<Series> {
  const symbol = `T${++made}USDT`;
  await store.saveSymbols([marketSymbol(symbol)]);
  await store.openSeries({ symbol, interval });
  return { symbol, interval };
}

/** The stored candles as text, with the names of `Kline`. */
async function read({ symbol, interval }: Series): Promise<Kline[]> {
  return await db.query<Kline>(
    `select open_time as "openTime", open_price::text as "openPrice",
       high_price::text as "highPrice", low_price::text as "lowPrice",
       close_price::text as "closePrice", volume::text, close_time as "closeTime",
       quote_asset_volume::text as "quoteAssetVolume", number_of_trades as "numberOfTrades",
       taker_buy_base_asset_volume::text as "takerBuyBaseAssetVolume",
       taker_buy_quote_asset_volume::text as "takerBuyQuoteAssetVolume"
     from candles where symbol = $1 and interval = $2 order by open_time`,
    [symbol, interval],
  );
}

const gapsOf = async ({ symbol, interval }: Series) =>
  (await ledger.list({ symbol, interval })).map((gap) =>
    `${gap.class} ${toIso(gap.from)} ${toIso(gap.to)} ${gap.missing}`
  );

Deno.test("write() keeps every digit of every interval, trailing zeros included", async () => {
  for (const interval of ["1m", "1h", "4h", "1d", "1w", "1M"] as const) {
    const series = await newSeries(interval);
    const klines = klinesFrom(from, interval, 40).map((kline, i) => ({
      ...kline,
      volume: parseDecimal(
        ["0", "0.00000000", "1.50", "1.5", "123456789012345678.12345678"][i % 5]!,
      ),
    }));
    const count = await store.write(series, klines, run);
    assert.deepEqual(count, { new: 40, corrected: 0, unchanged: 0 });
    assert.deepEqual(await read(series), klines);
  }
});

Deno.test("write() repeated writes nothing: no row, no version, no write-ahead log", async () => {
  const series = await newSeries();
  const klines = klinesFrom(from, "1h", 1000);
  const empty = await walBytes(db);
  await store.write(series, klines, run);
  const before = await store.getState(series);
  const wal = await walBytes(db);
  assert.ok(wal - empty > 100_000, `${wal - empty} bytes of log for the first write`);
  const count = await store.write(series, klines, run);
  assert.deepEqual(count, { new: 0, corrected: 0, unchanged: 1000 });
  assert.ok(await walBytes(db) - wal <= 500, "bytes of log");
  assert.deepEqual(await store.getState(series), before);
});

Deno.test("write() replaces a changed candle and keeps the old revision with its date", async () => {
  const series = await newSeries();
  const klines = klinesFrom(from, "1h", 3);
  await store.write(series, klines, run);
  const later = await createRunLedger(db).start("repair", "rest");
  const revised = { ...klines[1]!, volume: parseDecimal("7.77"), numberOfTrades: 5 };
  const count = await store.write(series, [klines[0]!, revised, klines[2]!], later);
  assert.deepEqual(count, { new: 0, corrected: 1, unchanged: 2 });
  assert.deepEqual(await read(series), [klines[0], revised, klines[2]]);
  const revisions = await db.query(
    `select open_time, volume::text, replaced_by, replaced_at >= stored_at as is_later
     from kline_revisions join symbols using (symbol_id) where symbol = $1`,
    [series.symbol],
  );
  assert.deepEqual(revisions, [{
    open_time: klines[1]!.openTime,
    volume: klines[1]!.volume,
    replaced_by: later,
    is_later: true,
  }]);
});

Deno.test("write() distinguishes 1.50 from 1.5: the digits are the value", async () => {
  const series = await newSeries();
  const kline = klineAt(from, "1h", { volume: parseDecimal("1.5") });
  await store.write(series, [kline], run);
  const rewritten = { ...kline, volume: parseDecimal("1.50") };
  assert.equal((await store.write(series, [rewritten], run)).corrected, 1);
  assert.deepEqual(await read(series), [rewritten]);
});

Deno.test("write() keeps the more reliable source, whichever came first, and records the other", async () => {
  const runs = createRunLedger(db);
  const rest = await runs.start("collect", "rest");
  const file = await runs.start("import", "file");
  const monthly = await runs.start("backfill", "monthly");
  const series = await newSeries();
  const klines = klinesFrom(from, "1h", 3);
  const odd = { ...klines[1]!, volume: parseDecimal("7.77") };
  const wrong = [klines[0]!, odd, klines[2]!];
  await store.write(series, klines, rest);
  const version = (await store.getState(series)).version;
  for (let round = 0; round < 2; round++) {
    const count = await store.write(series, wrong, monthly);
    assert.deepEqual(count, { new: 0, corrected: 0, unchanged: 2, conflicts: 1 });
  }
  assert.deepEqual(await read(series), klines);
  assert.equal((await store.getState(series)).version, version);
  const conflicts = await db.query(
    `select open_time, volume::text, run_id from kline_conflicts join symbols using (symbol_id)
     where symbol = $1`,
    [series.symbol],
  );
  assert.deepEqual(conflicts, [{ open_time: odd.openTime, volume: "7.77", run_id: monthly }]);

  const trimmed = { ...klines[1]!, takerBuyBaseAssetVolume: parseDecimal("1.0") };
  assert.deepEqual(
    await store.write(series, [trimmed], file),
    { new: 0, corrected: 0, unchanged: 1 },
    "who trims zeros does not contradict",
  );

  const other = await newSeries();
  await store.write(other, wrong, file);
  assert.equal((await store.write(other, klines, monthly)).corrected, 1);
  assert.deepEqual(await read(other), klines);
});

Deno.test("write() records a better source of an identical candle once", async () => {
  const runs = createRunLedger(db);
  const rest = await runs.start("collect", "rest");
  const file = await runs.start("import", "file");
  const monthly = await runs.start("backfill", "monthly");
  const series = await newSeries();
  const klines = klinesFrom(from, "1h", 3);
  await store.write(series, klines, file);
  const before = await store.getState(series);
  assert.deepEqual(await store.write(series, klines, rest), {
    new: 0,
    corrected: 0,
    unchanged: 3,
    confirmed: 3,
  });
  assert.deepEqual(await store.getState(series), before, "nothing changed for readers");
  const wal = await walBytes(db);
  await store.write(series, klines, rest);
  assert.ok(await walBytes(db) - wal <= 500, "bytes of log");
  const odd = klines.map((kline) => ({ ...kline, volume: parseDecimal("7.77") }));
  assert.equal((await store.write(series, odd, monthly)).conflicts, 3);
  assert.deepEqual(await read(series), klines);
});

Deno.test("write() accepts off-grid opens and close times before the open", async () => {
  const series = await newSeries();
  const odd = [
    klineAt("2018-02-09T09:28:14.789Z", "1h"),
    klineAt("2020-12-21T14:00Z", "1h", { closeTime: parseTime("2020-12-21T13:47:20.521Z") }),
  ];
  await store.write(series, odd, run);
  assert.deepEqual(await read(series), odd);
});

Deno.test("write() rejects unordered rows and stores none of them", async () => {
  const series = await newSeries();
  const [a, b] = klinesFrom(from, "1h", 2);
  await assert.rejects(() => store.write(series, [b!, a!], run), RangeError);
  await assert.rejects(() => store.write(series, [a!, a!], run), RangeError);
  assert.deepEqual(await read(series), []);
});

Deno.test("write() with an invalid row stores nothing of the batch", async () => {
  const series = await newSeries();
  const klines = klinesFrom(from, "1h", 10);
  const broken = { ...klines[9]!, volume: "not a number" as Kline["volume"] };
  await assert.rejects(() => store.write(series, [...klines.slice(0, 9), broken], run));
  assert.deepEqual(await read(series), []);
  assert.equal((await store.getState(series)).version, 0);
  assert.equal((await store.write(series, klines, run)).new, 10);
});

Deno.test("concurrent writes of the same candles store each once", async () => {
  const series = await newSeries();
  const klines = klinesFrom(from, "1h", 600);
  const counts = await Promise.all(
    [0, 100, 200, 300].map((start) => store.write(series, klines.slice(start, start + 300), run)),
  );
  assert.equal(counts.reduce((sum, count) => sum + count.new, 0), 600);
  assert.deepEqual(await read(series), klines);
  assert.equal((await store.getState(series)).rows, 600);
});

Deno.test("getState() returns first and last candle, version, rows, and the listing date", async () => {
  const series = await newSeries("4h");
  const empty = await store.getState(series);
  assert.deepEqual(
    [empty.firstOpenTime, empty.lastOpenTime, empty.rows, empty.version, empty.listedAt],
    [undefined, undefined, 0, 0, undefined],
  );
  const klines = klinesFrom(from, "4h", 5);
  await store.write(series, klines, run);
  await store.saveListedAt(series, parseTime("2017-08-17T04:00Z"));
  const state = await store.getState(series);
  assert.equal(state.firstOpenTime, klines[0]!.openTime);
  assert.equal(state.lastOpenTime, klines[4]!.openTime);
  assert.equal(state.rows, 5);
  assert.equal(state.version, 1);
  assert.equal(state.listedAt, parseTime("2017-08-17T04:00Z"));
});

Deno.test("getState() counts rows deleted by another program as a change", async () => {
  const series = await newSeries();
  await store.write(series, klinesFrom(from, "1h", 10), run);
  await db.query(
    `delete from klines where open_time >= $2
     and symbol_id = (select symbol_id from symbols where symbol = $1)`,
    [series.symbol, "2024-01-01T07:00:00Z"],
  );
  const state = await store.getState(series);
  assert.deepEqual([state.rows, state.version], [7, 2]);
});

Deno.test("openSeries() of an unknown symbol is not_found", async () => {
  const unknown = { symbol: "NOPEUSDT", interval: "1h" } as const;
  await assert.rejects(() => store.openSeries(unknown), { code: "not_found", param: "symbol" });
});

Deno.test("write() records the gap that it leaves, and deletes it once filled", async () => {
  const series = await newSeries();
  const klines = klinesFrom(from, "1h", 20);
  await store.write(series, [...klines.slice(0, 5), ...klines.slice(9)], run);
  assert.deepEqual(await gapsOf(series), [
    "pending 2024-01-01T05:00:00.000Z 2024-01-01T09:00:00.000Z 4",
  ]);
  await store.write(series, [klines[6]!], run);
  assert.deepEqual(await gapsOf(series), [
    "pending 2024-01-01T05:00:00.000Z 2024-01-01T06:00:00.000Z 1",
    "pending 2024-01-01T07:00:00.000Z 2024-01-01T09:00:00.000Z 2",
  ]);
  await store.write(series, klines.slice(5, 9), run);
  assert.deepEqual(await gapsOf(series), []);
});

Deno.test("write() records the gap between two distant batches", async () => {
  const series = await newSeries("1M");
  await store.write(series, klinesFrom("2020-01-01", "1M", 3), run);
  await store.write(series, klinesFrom("2021-01-01", "1M", 3), run);
  await store.write(series, klinesFrom("2019-01-01", "1M", 2), run);
  assert.deepEqual(await gapsOf(series), [
    "pending 2019-03-01T00:00:00.000Z 2020-01-01T00:00:00.000Z 10",
    "pending 2020-04-01T00:00:00.000Z 2021-01-01T00:00:00.000Z 9",
  ]);
});

Deno.test("a confirmed outage stays confirmed when other batches are stored", async () => {
  const series = await newSeries();
  const klines = klinesFrom(from, "1h", 30);
  await store.write(series, [...klines.slice(0, 5), ...klines.slice(8, 20)], run);
  const askedAt: EpochMs = parseTime("2024-01-03");
  await ledger.classify(series, { from: klines[5]!.openTime, to: klines[8]!.openTime }, {
    class: "exchange_outage",
    evidence: { askedAt, host: "data-api.binance.vision", asked: 1, others: 9, othersMissing: 9 },
  });
  await store.write(series, klines.slice(20), run);
  await ledger.scan(series);
  const [gap] = await ledger.list({ symbol: series.symbol });
  assert.equal(gap?.class, "exchange_outage");
  assert.equal(gap?.evidence?.othersMissing, 9);
  assert.equal(gap?.checkedAt, askedAt);
});

Deno.test("off-grid open times are not a gap unless a whole candle is missing", async () => {
  const series = await newSeries();
  await store.write(series, [
    klineAt("2018-02-08T00:00Z", "1h"),
    klineAt("2018-02-09T09:28:14.789Z", "1h"),
    klineAt("2018-02-09T10:28:14.789Z", "1h"),
    klineAt("2018-02-09T11:00Z", "1h"),
  ], run);
  assert.deepEqual(await gapsOf(series), [
    "pending 2018-02-08T01:00:00.000Z 2018-02-09T09:28:14.789Z 32",
  ]);
});
