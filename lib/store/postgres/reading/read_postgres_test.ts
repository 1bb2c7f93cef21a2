import assert from "node:assert/strict";
import { parseDecimal } from "../../../core/decimal.ts";
import { parseTime } from "../../../core/time.ts";
import { klineAt, klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase } from "../../../testing/database/postgres.ts";
import { createKlineStore } from "../writing/klines_postgres.ts";
import { createKlineReader } from "./read_postgres.ts";
import { createRunLedger } from "../status/runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const store = createKlineStore(db);
const reader = createKlineReader(db);
const run = await createRunLedger(db).start("test", "rest");

Deno.test("quotes() returns the newest closes, ascending, and the close one day before", async () => {
  const series = { symbol: "AUSDT", interval: "1h" } as const;
  await store.saveSymbols([marketSymbol("AUSDT")]);
  await store.openSeries(series);
  const klines = klinesFrom("2024-01-01", "1h", 50);
  await store.write(series, klines, run);
  const [quote, ...others] = await reader.quotes(["AUSDT", "NOPEUSDT"], "1h", 5);
  assert.deepEqual(others, []);
  assert.deepEqual(quote, {
    symbol: "AUSDT",
    lastOpenTime: klines[49]!.openTime,
    closes: klines.slice(45).map(({ closePrice }) => Number(closePrice)),
    dayAgo: Number(klines[25]!.closePrice),
  });
  assert.deepEqual(await reader.quotes(["AUSDT"], "4h", 5), []);
});

Deno.test("quotes() finds the close one day before across a gap of hours, but not of days", async () => {
  await store.saveSymbols([marketSymbol("BUSDT"), marketSymbol("CUSDT")]);
  const last = klineAt("2024-01-05T00:00Z", "1h");
  const early = klineAt("2024-01-03T20:00Z", "1h", { closePrice: parseDecimal("7.5") });
  const old = klineAt("2024-01-02T00:00Z", "1h");
  for (const [symbol, first] of [["BUSDT", early], ["CUSDT", old]] as const) {
    await store.openSeries({ symbol, interval: "1h" });
    await store.write({ symbol, interval: "1h" }, [first, last], run);
  }
  const quotes = await reader.quotes(["BUSDT", "CUSDT"], "1h", 2);
  const dayAgo = Object.fromEntries(quotes.map((quote) => [quote.symbol, quote.dayAgo]));
  assert.deepEqual(dayAgo, { BUSDT: 7.5, CUSDT: undefined });
  assert.equal(quotes[0]!.lastOpenTime, parseTime("2024-01-05"));
});

Deno.test("columns() are equally long, ascending, and the stored values as floats", async () => {
  const series = { symbol: "DUSDT", interval: "1h" } as const;
  await store.saveSymbols([marketSymbol("DUSDT")]);
  await store.openSeries(series);
  const tiny = {
    closePrice: parseDecimal("0.00000001"),
    volume: parseDecimal("123456789.12345678"),
  };
  const klines = klinesFrom("2024-01-01", "1h", 40).map((kline) => ({ ...kline, ...tiny }));
  await store.write(series, klines, run);
  const newest = await reader.columns({ ...series, limit: 10 });
  assert.deepEqual(newest.open_time, klines.slice(-10).map(({ openTime }) => openTime));
  const oldest = await reader.columns({ ...series, from: klines[3]!.openTime, limit: 2 });
  assert.deepEqual(oldest.open_time, klines.slice(3, 5).map(({ openTime }) => openTime));
  const { symbol, interval, ...columns } = newest;
  assert.deepEqual([symbol, interval], ["DUSDT", "1h"]);
  assert.deepEqual(new Set(Object.values(columns).map(({ length }) => length)), new Set([10]));
  assert.deepEqual(
    [newest.close_price[0], newest.volume[0], newest.close_time[0]! - newest.open_time[0]!],
    [1e-8, 123456789.12345678, 3_599_999],
  );
  const none = await reader.columns({ ...series, from: parseTime("2030-01-01"), limit: 5 });
  assert.deepEqual(Object.values({ ...none, symbol: [], interval: [] }).flat(), []);
});

Deno.test("extents() returns coverage() without counts of gaps", async () => {
  const series = { symbol: "EUSDT", interval: "1h" } as const;
  await store.saveSymbols([marketSymbol("EUSDT")]);
  await store.openSeries(series);
  await store.write(series, klinesFrom("2024-01-01", "1h", 9).filter((_, i) => i !== 4), run);
  const coverage = await reader.coverage();
  assert.deepEqual(coverage.find(({ symbol }) => symbol === "EUSDT")!.gapCounts, { pending: 1 });
  assert.deepEqual(await reader.extents(), coverage.map(({ gapCounts: _, ...extent }) => extent));
});
