import assert from "node:assert/strict";
import { HOUR_MS, MINUTE_MS, parseTime } from "../../../core/time.ts";
import type { Kline, Series } from "../../../core/kline.ts";
import { klineAt, klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase } from "../../../testing/database/postgres.ts";
import { createGapLedger } from "./gaps_postgres.ts";
import { createImportedStore } from "./imported_postgres.ts";
import { createKlineStore } from "./klines_postgres.ts";
import { createRunLedger } from "../status/runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const store = createKlineStore(db);
const gaps = createGapLedger(db);
const runs = createRunLedger(db);
const rest = await runs.start("collect", "rest");
const streamed = await runs.start("stream", "stream");
const from = parseTime("2024-01-01T00:00:00Z");
const next = from + 10 * MINUTE_MS;

let made = 0;
/** Series that no other test uses, with ten candles each. */
async function newSeries(count: number): Promise<Series[]> {
  const all = Array.from({ length: count }, () => ({
    symbol: `A${++made}USDT`,
    interval: "1m" as const,
  }));
  await store.saveSymbols(all.map(({ symbol }) => marketSymbol(symbol)));
  await store.openAll(all);
  for (const one of all) await store.write(one, klinesFrom(from, "1m", 10), rest);
  return all;
}

const candlesAt = (series: readonly Series[], openTime: number, change: Partial<Kline> = {}) =>
  series.map((one) => ({ ...one, kline: klineAt(openTime, "1m", change) }));
const read = (series: Series) => store.read(series, { from, to: from + HOUR_MS });

Deno.test("append() stores one candle of each series as write() does", async () => {
  const [a, b, c] = await newSeries(3);
  const before = await store.getState(a!);
  assert.deepEqual(
    await store.append(candlesAt([a!, b!], next), streamed),
    new Set([`${a!.symbol} 1m`, `${b!.symbol} 1m`]),
  );
  await store.write(c!, [klineAt(next, "1m")], streamed);
  assert.deepEqual(await read(a!), klinesFrom(from, "1m", 11));
  const states = await Promise.all([a!, b!, c!].map(store.getState));
  for (const state of states) assert.deepEqual(state, states[0]);
  assert.deepEqual([states[0]!.version, states[0]!.rows], [before.version + 1, 11]);
  const rows = await db.query(
    `select distinct count(*) as rows, max(change_seq) as seq, max(k.run_id) as run,
       max(scanned_version) as scanned, s.last_open_time
     from klines k join series s using (symbol_id, interval) join symbols using (symbol_id)
     where symbol = any($1) group by symbol_id, s.last_open_time`,
    [[a!, b!, c!].map(({ symbol }) => symbol)],
  );
  assert.equal(rows.length, 1, "the same in all three");
});

Deno.test("append() leaves out candles after a gap, stored ones, and series without candles", async () => {
  const [a, b] = await newSeries(2);
  const empty = { symbol: `A${++made}USDT`, interval: "1m" as const };
  await store.saveSymbols([marketSymbol(empty.symbol)]);
  await store.openSeries(empty);
  const unknown = { symbol: "NEVERUSDT", interval: "1m" as const };
  const candles = [
    ...candlesAt([a!, empty, unknown], next + MINUTE_MS),
    ...candlesAt([b!], next - MINUTE_MS),
  ];
  assert.deepEqual(await store.append(candles, streamed), new Set());
  for (const one of [a!, b!]) assert.deepEqual(await read(one), klinesFrom(from, "1m", 10));
});

Deno.test("append() leaves a series with a recorded gap to write()", async () => {
  const [a] = await newSeries(1);
  const evidence = { askedAt: next, host: undefined, asked: 1, others: 0, othersMissing: 0 };
  await gaps.setEdge(a!, "delisted", { from: next, to: next + HOUR_MS }, evidence);
  assert.deepEqual(await store.append(candlesAt([a!], next), streamed), new Set());
  assert.equal((await store.write(a!, [klineAt(next, "1m")], streamed)).new, 1);
});

Deno.test("append() stores nothing of a transaction that fails", async () => {
  const [a, b] = await newSeries(2);
  await db.query(
    `insert into klines select symbol_id, interval, $2, close_time, stored_at, change_seq, run_id,
       number_of_trades, open_price, high_price, low_price, close_price, volume,
       quote_asset_volume, taker_buy_base_asset_volume, taker_buy_quote_asset_volume
     from klines join symbols using (symbol_id) where symbol = $1 and open_time = $3`,
    [b!.symbol, new Date(next), new Date(from)],
  );
  await assert.rejects(() => store.append(candlesAt([a!, b!], next), streamed));
  assert.deepEqual(await read(a!), klinesFrom(from, "1m", 10));
});

Deno.test("append() of 1,100 series is stored completely", async () => {
  const all = await newSeries(1_100);
  const names = await store.append(candlesAt(all, next), streamed);
  assert.equal(names.size, all.length);
  const newest = await store.newest(all, next);
  assert.equal(newest.size, all.length);
  assert.deepEqual(newest.get(`${all[700]!.symbol} 1m`), klineAt(next, "1m"));
  assert.deepEqual(await store.newest(all, next + 1), new Map());
});

Deno.test("REST corrects a streamed candle, and rewrites none that is the same", async () => {
  const [a] = await newSeries(1);
  await store.append(candlesAt([a!], next), streamed);
  const runOf = async () =>
    (await db.query<{ run_id: number }>(
      `select run_id from klines join symbols using (symbol_id)
       where symbol = $1 and open_time = $2`,
      [a!.symbol, new Date(next)],
    ))[0]!.run_id;
  const { version } = await store.getState(a!);
  const again = await store.write(a!, [klineAt(next, "1m")], rest);
  assert.deepEqual(again, { new: 0, corrected: 0, unchanged: 1 });
  assert.deepEqual([await runOf(), (await store.getState(a!)).version], [streamed, version]);
  const other = klineAt(next, "1m", { numberOfTrades: 1 });
  assert.equal((await store.write(a!, [other], rest)).corrected, 1);
  const late = await store.write(a!, [klineAt(next, "1m")], streamed);
  assert.equal(late.conflicts, 1, "REST is more reliable than a stream");
  assert.deepEqual((await read(a!)).at(-1), other);
});

Deno.test("append() leaves a candle that replaces an imported one to write(), which deletes that", async () => {
  const [a, b] = await newSeries(2);
  const imported = createImportedStore(db);
  const candles = [next, next + HOUR_MS].map((time) => ({ ...klineAt(time, "1m"), isFloat: true }));
  await imported.write(a!, candles, rest);
  await imported.prune(new AbortController().signal);
  const state = async () =>
    (await db.query<{ rows: number; is_pruned: boolean }>(
      `select imported_rows as rows, imported_pruned_version = version as is_pruned
       from series join symbols using (symbol_id) where symbol = $1`,
      [a!.symbol],
    ))[0];
  assert.deepEqual(await state(), { rows: 2, is_pruned: true });
  assert.deepEqual(
    await store.append(candlesAt([a!, b!], next), streamed),
    new Set([`${b!.symbol} 1m`]),
  );
  await store.write(a!, [klineAt(next, "1m")], streamed);
  assert.deepEqual(await state(), { rows: 1, is_pruned: true });
  const later = candlesAt([a!], next + MINUTE_MS);
  assert.deepEqual(await store.append(later, streamed), new Set([`${a!.symbol} 1m`]));
  assert.deepEqual(await state(), { rows: 1, is_pruned: true }, "nothing to compare again");
});
