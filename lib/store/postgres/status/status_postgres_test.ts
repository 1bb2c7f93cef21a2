import assert from "node:assert/strict";
import { parseDecimal } from "../../../core/decimal.ts";
import { shiftOpen } from "../../../core/interval.ts";
import { DAY_MS, HOUR_MS, parseTime } from "../../../core/time.ts";
import { klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase } from "../../../testing/database/postgres.ts";
import { createGapLedger } from "../writing/gaps_postgres.ts";
import { createKlineStore } from "../writing/klines_postgres.ts";
import { createRunLedger } from "./runs_postgres.ts";
import { createStatusReader } from "./status_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const store = createKlineStore(db);
const runs = createRunLedger(db);
const ledger = createGapLedger(db);
const status = createStatusReader(db);

const series = { symbol: "BTCUSDT", interval: "1h" } as const;
const first = parseTime("2024-01-01");
const klines = klinesFrom(first, "1h", 48);
/** 03:00 to 05:00 on the first day, and 22:00 to 02:00 of the second. */
const isStored = (_: unknown, i: number) => !(i >= 3 && i < 5) && !(i >= 22 && i < 26);

const firstRun = await runs.start("collect", "rest");
await store.saveSymbols([marketSymbol("BTCUSDT"), marketSymbol("ETHUSDT")]);
await store.openSeries(series);
await store.openSeries({ symbol: "ETHUSDT", interval: "1h" });
await store.write(series, klines.filter(isStored), firstRun);
await ledger.classify(series, { from: klines[3]!.openTime, to: klines[5]!.openTime }, {
  class: "exchange_outage",
  evidence: { askedAt: first, host: "h", asked: 1, others: 0, othersMissing: 0 },
});

Deno.test("gapCounts() counts ranges and whole candles of each class", async () => {
  const gaps = await status.gapCounts();
  assert.deepEqual(gaps.sort((a, b) => a.class < b.class ? -1 : 1), [
    { ...series, class: "exchange_outage", ranges: 1, missing: 2 },
    { ...series, class: "pending", ranges: 1, missing: 4 },
  ]);
  assert.equal((await status.gapCounts([series])).length, 2);
  assert.deepEqual(await status.gapCounts([{ ...series, interval: "4h" }]), []);
});

Deno.test("absence() divides a gap among the parts that it overlaps, cut to the range", async () => {
  const days = { from: first, to: first + 2 * DAY_MS };
  const parts = (await status.absence([series], days, 2)).sort((a, b) =>
    a.part - b.part || (a.class < b.class ? -1 : 1)
  );
  assert.deepEqual(parts, [
    { ...series, class: "exchange_outage", part: 0, absentMs: 2 * HOUR_MS },
    { ...series, class: "pending", part: 0, absentMs: 2 * HOUR_MS },
    { ...series, class: "pending", part: 1, absentMs: 2 * HOUR_MS },
  ]);
  const cut = { from: first + 4 * HOUR_MS, to: first + 23 * HOUR_MS };
  const total = (await status.absence([series], cut, 7)).reduce(
    (sum, { absentMs }) => sum + absentMs,
    0,
  );
  assert.equal(total, 2 * HOUR_MS);
  assert.deepEqual(await status.absence([series], { from: 0, to: first }, 5), []);
  const other = { symbol: "ETHUSDT", interval: "1h" } as const;
  assert.deepEqual(await status.absence([other], days, 2), []);
});

Deno.test("absence() sums the missing candles of many gaps per part", async () => {
  const { db, close } = await createTestDatabase();
  try {
    await createKlineStore(db).saveSymbols([marketSymbol("BTCUSDT")]);
    await db.query(
      `insert into gaps (symbol_id, interval, from_time, to_time, missing, class)
       select symbol_id, '1h', t, t + make_interval(hours => 1 + i * i % 37), 1,
         case when i % 3 = 0 then 'pending' else 'exchange_outage' end
       from symbols, generate_series(0, 400) i,
         lateral (select timestamptz '2024-01-01 00:00Z' + make_interval(hours => 40 * i) as t) _`,
    );
    const range = { from: first + 17 * HOUR_MS, to: first + 500 * DAY_MS };
    const parts = 61;
    const step = (range.to - range.from) / parts;
    const expected = new Map<string, number>();
    for (const { from, to, class: reason } of await createGapLedger(db).list({})) {
      for (let part = 0; part < parts; part++) {
        const start = range.from + part * step;
        const absent = Math.min(to, start + step) - Math.max(from, start);
        const name = `${reason} ${part}`;
        if (absent > 0) expected.set(name, (expected.get(name) ?? 0) + absent);
      }
    }
    const found = await createStatusReader(db).absence([series], range, parts);
    assert.equal(found.length, expected.size);
    for (const { class: reason, part, absentMs } of found) {
      assert.ok(Math.abs(absentMs - expected.get(`${reason} ${part}`)!) < 1, `${reason} ${part}`);
    }
  } finally {
    await close();
  }
});

Deno.test("gaps() returns pages of gaps, newest first, and their total", async () => {
  const all = await status.gaps({}, { limit: 10, offset: 0 });
  assert.equal(all.total, 2);
  assert.deepEqual(all.items.map((gap) => gap.from), [klines[22]!.openTime, klines[3]!.openTime]);
  assert.equal(all.items[1]!.evidence?.host, "h");
  const second = await status.gaps({}, { limit: 1, offset: 1 });
  assert.deepEqual([second.total, second.items], [2, [all.items[1]]]);
  const pending = await status.gaps({ class: "pending", series: [series] }, {
    limit: 10,
    offset: 0,
  });
  assert.deepEqual(pending.items, [all.items[0]]);
  const none = await status.gaps({ series: [{ ...series, interval: "4h" }] }, {
    limit: 10,
    offset: 0,
  });
  assert.deepEqual(none, { total: 0, items: [] });
});

Deno.test("gapGroups() lists gaps that begin and end together once, with the series that have them", async () => {
  const { db, close } = await createTestDatabase();
  try {
    const symbols = ["ADAUSDT", "BTCUSDT", "ETHUSDT", "XRPUSDT"];
    await createKlineStore(db).saveSymbols(symbols.map((symbol) => marketSymbol(symbol)));
    await db.query(
      `insert into gaps (symbol_id, interval, from_time, to_time, missing, class, evidence)
       select symbol_id, i, t, t + interval '4 hours', case i when '1h' then 4 else 1 end,
         'exchange_outage', json_build_object('asked', symbol_id)
       from symbols, unnest(array['1h', '4h']) i,
         lateral (select timestamptz '2023-03-24 12:00Z' as t) v
       where symbol <> 'ADAUSDT' or i = '1h'`,
    );
    await db.query(
      `insert into gaps (symbol_id, interval, from_time, to_time, missing, class)
       select symbol_id, '1m', '2023-03-24 12:00Z'::timestamptz, '2023-03-24 16:00Z'::timestamptz, 1,
         'pending' from symbols where symbol = 'XRPUSDT'`,
    );
    await db.query(
      `insert into gaps (symbol_id, interval, from_time, to_time, missing, class)
       select symbol_id, '1d', '2023-03-25'::timestamptz, '2023-03-26'::timestamptz, 1, 'delisted'
       from symbols where symbol in ('ETHUSDT', 'ADAUSDT')`,
    );
    const reader = createStatusReader(db);
    const page = { limit: 10, offset: 0 };
    const { total, items } = await reader.gapGroups({}, page);
    const shape = items.map((one) => [one.class, one.series, one.symbols, one.missing]);
    assert.deepEqual([total, shape], [3, [
      ["delisted", 2, 2, 2],
      ["exchange_outage", 7, 4, 19],
      ["pending", 1, 1, 1],
    ]]);
    assert.deepEqual(items.map(({ names }) => names.length), [2, 2, 1]);
    assert.deepEqual([items[0]!.names, items[2]!.names], [["ADAUSDT", "ETHUSDT"], ["XRPUSDT"]]);
    assert.deepEqual([items[1]!.intervals, items[1]!.evidence?.asked], [["1h", "4h"], 1]);
    assert.deepEqual([items[1]!.from, items[1]!.to], [
      parseTime("2023-03-24T12:00Z"),
      parseTime("2023-03-24T16:00Z"),
    ]);
    assert.deepEqual((await reader.gapGroups({}, { limit: 1, offset: 1 })).items, [items[1]]);
    const outage = { class: "exchange_outage", from: items[1]!.from } as const;
    const members = await reader.gaps(outage, page);
    assert.deepEqual([members.total, members.items[0]!.symbol], [7, "ADAUSDT"]);
    const series = [{ symbol: "XRPUSDT", interval: "1m" }] as const;
    assert.deepEqual(await reader.gapGroups({ series }, page), { total: 1, items: [items[2]] });
    assert.deepEqual(await reader.gapGroups({ series: [] }, page), { total: 0, items: [] });
  } finally {
    await close();
  }
});

Deno.test("runs() returns the newest first, and older ones before a run", async () => {
  const second = await runs.start("repair", "rest");
  await runs.finish(second, {
    fetched: 5,
    new: 1,
    corrected: 2,
    unchanged: 2,
    requests: 3,
    weight: 6,
    outcome: "partial",
    simulated: undefined,
    error: "no host answers",
    isCounted: true,
  });
  const [newest, oldest] = await status.runs({ limit: 10 });
  assert.deepEqual(
    [newest!.runId, newest!.job, newest!.fetched, newest!.corrected, newest!.outcome],
    [second, "repair", 5, 2, "partial"],
  );
  assert.ok(newest!.finishedAt! >= newest!.startedAt);
  assert.deepEqual([oldest!.runId, oldest!.finishedAt], [firstRun, undefined]);
  assert.deepEqual(await status.runs({ limit: 10, before: second }), [oldest]);
});

Deno.test("revisions() returns every old version with the one that replaced it", async () => {
  assert.deepEqual(await status.revisions({ limit: 5, offset: 0 }), { total: 0, items: [] });
  const old = klines[10]!;
  const revised = { ...old, closePrice: parseDecimal("5.10") };
  const again = { ...revised, closePrice: parseDecimal("5.1"), numberOfTrades: 3 };
  const run = await runs.start("repair", "rest");
  await store.write(series, [revised], run);
  await store.write(series, [again], run);
  const { total, items } = await status.revisions({ limit: 5, offset: 0 });
  assert.equal(total, 2);
  assert.deepEqual(items.map(({ openTime, job, source }) => [openTime, job, source]), [
    [old.openTime, "repair", "rest"],
    [old.openTime, "repair", "rest"],
  ]);
  assert.deepEqual(items[1]!.changes, [
    { column: "close_price", old: old.closePrice, new: "5.10" },
  ]);
  assert.deepEqual(items[0]!.changes, [
    { column: "close_price", old: "5.10", new: "5.1" },
    { column: "number_of_trades", old: String(old.numberOfTrades), new: "3" },
  ]);
  assert.ok(items.every(({ at }) => Math.abs(Date.now() - at) < HOUR_MS));
  const [older] = (await status.revisions({ limit: 1, offset: 1 })).items;
  assert.deepEqual(older, items[1]);
});

Deno.test("conflicts() returns the version of a less reliable source with the stored one", async () => {
  const archive = await runs.start("import", "monthly");
  await store.write(series, [{ ...klines[0]!, highPrice: parseDecimal("9999") }], archive);
  const { total, items } = await status.conflicts({ limit: 5, offset: 0 });
  assert.equal(total, 1);
  assert.deepEqual(items[0]!.changes, [
    { column: "high_price", old: klines[0]!.highPrice, new: "9999" },
  ]);
  assert.deepEqual([items[0]!.openTime, items[0]!.source], [first, "monthly"]);
});

Deno.test("refusals() lists each archive file once per run, newest first; disputes() counts them", async () => {
  const archive = await runs.start("archive", "monthly");
  for (const name of ["BTCUSDT-1h-2020-01", "BTCUSDT-1h-2020-02", "BTCUSDT-1h-2020-01"]) {
    await runs.refuse(archive, series, { name, reason: `Cannot read ${name}: cut` });
  }
  const { total, items: [newest] } = await status.refusals({ limit: 1, offset: 0 });
  assert.equal(total, 2);
  assert.deepEqual([newest!.name, newest!.runId, newest!.symbol, newest!.interval], [
    "BTCUSDT-1h-2020-02",
    archive,
    series.symbol,
    series.interval,
  ]);
  assert.match(newest!.reason, /cut/);
  assert.deepEqual(await status.disputes(), [{ ...series, conflicts: 1, refusedFiles: 2 }]);
});

Deno.test("activity() returns the run that wrote the newest candle, and its lag", async () => {
  const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const recent = { symbol: "ETHUSDT", interval: "1h" } as const;
  await store.write(recent, klinesFrom(shiftOpen(hour, "1h", -3), "1h", 3), firstRun);
  const activity = await status.activity([series, { symbol: "ETHUSDT", interval: "1h" }]);
  const one = activity.find(({ symbol }) => symbol === "ETHUSDT")!;
  assert.deepEqual([one.runId, one.job], [firstRun, "collect"]);
  assert.ok(one.storedAt >= hour && one.lagMs === one.storedAt - hour, `${one.lagMs}`);
  const old = activity.find(({ symbol }) => symbol === "BTCUSDT")!;
  assert.equal(old.lagP95Ms, undefined, "its candles had closed before wick first ran");
});

Deno.test("size() returns the partition of each interval", async () => {
  const { bytes, tables, version, startedAt } = await status.size();
  assert.match(version, /^\d+/);
  assert.ok(startedAt <= Date.now() + 1000);
  const hourly = tables.find(({ interval }) => interval === "1h")!;
  assert.equal(hourly.name, "klines_1h");
  assert.ok(hourly.bytes > 0 && hourly.bytes < bytes);
  assert.equal(tables.find(({ name }) => name === "klines_1mo")!.interval, "1M");
  assert.equal(tables.find(({ name }) => name === "runs")!.interval, undefined);
});

Deno.test("size() counts tables of every schema, as of an extension", async () => {
  await db.query(
    "create schema chunks; create table chunks.part as select generate_series(1, 9999)",
  );
  const { tables } = await status.size();
  assert.ok(tables.find(({ name }) => name === "part")!.bytes > 300_000);
  assert.deepEqual(tables.filter(({ name }) => name.startsWith("pg_")), []);
});
