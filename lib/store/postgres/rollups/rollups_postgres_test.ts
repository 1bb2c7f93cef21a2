import assert from "node:assert/strict";
import { addDecimals, compareDecimals } from "../../../core/decimal_arithmetic.ts";
import { type Decimal, parseDecimal } from "../../../core/decimal.ts";
import { endOf, type Interval, openTimeOf } from "../../../core/interval.ts";
import type { Kline } from "../../../core/kline.ts";
import { DAY_MS, HOUR_MS } from "../../../core/time.ts";
import type { RollupProof } from "../../../ports/rollup_ledger.ts";
import { klineAt, klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase } from "../../../testing/database/postgres.ts";
import { readDerived } from "../reading/derived_postgres.ts";
import { createGapLedger } from "../writing/gaps_postgres.ts";
import { createKlineStore } from "../writing/klines_postgres.ts";
import { createRollupLedger } from "./rollups_postgres.ts";
import { createRunLedger } from "../status/runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);
const store = createKlineStore(db);
const ledger = createRollupLedger(db);
const run = await createRunLedger(db).start("test", "rest");

/** A repeatable random number in [0, 1). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Random candles, some without trades. */
function randomKlines(first: string, interval: Interval, count: number, random: () => number) {
  const decimal = (value: number) => parseDecimal(value.toFixed(8));
  let close = 100 + 100 * random();
  return klinesFrom(first, interval, count).map((kline): Kline => {
    if (random() < 0.1) return quietKline(kline, decimal(close));
    const open = close + random() - 0.5;
    close = open + 4 * random() - 2;
    return {
      ...kline,
      openPrice: decimal(open),
      highPrice: decimal(Math.max(open, close) + random()),
      lowPrice: decimal(Math.min(open, close) - random()),
      closePrice: decimal(close),
      volume: decimal(1_000 * random()),
      quoteAssetVolume: decimal(1e9 * random()),
      numberOfTrades: 1 + Math.floor(1_000 * random()),
      takerBuyBaseAssetVolume: decimal(500 * random()),
      takerBuyQuoteAssetVolume: decimal(5e8 * random()),
    };
  });
}

function quietKline(kline: Kline, price: Decimal): Kline {
  const zero = parseDecimal("0.00000000");
  return {
    ...kline,
    openPrice: price,
    highPrice: price,
    lowPrice: price,
    closePrice: price,
    volume: zero,
    quoteAssetVolume: zero,
    numberOfTrades: 0,
    takerBuyBaseAssetVolume: zero,
    takerBuyQuoteAssetVolume: zero,
  };
}

/** Candles of `interval` added up in JavaScript, from the parts with trades. */
function addUp(parts: readonly Kline[], interval: Interval): Kline[] {
  const groups = Map.groupBy(parts, ({ openTime }) => openTimeOf(openTime, interval));
  return [...groups].map(([openTime, own]) => {
    const traded = own.filter(({ numberOfTrades }) => numberOfTrades > 0);
    const priced = traded.length > 0 ? traded : own;
    const sum = (pick: (kline: Kline) => Decimal) => own.map(pick).reduce(addDecimals);
    const best = (pick: (kline: Kline) => Decimal, sign: 1 | -1) =>
      priced.map(pick).reduce((a, b) => compareDecimals(b, a) * sign > 0 ? b : a);
    return {
      openTime,
      closeTime: endOf(openTime, interval) - 1,
      openPrice: priced[0]!.openPrice,
      highPrice: best((kline) => kline.highPrice, 1),
      lowPrice: best((kline) => kline.lowPrice, -1),
      closePrice: priced.at(-1)!.closePrice,
      volume: sum((kline) => kline.volume),
      quoteAssetVolume: sum((kline) => kline.quoteAssetVolume),
      numberOfTrades: own.reduce((total, kline) => total + kline.numberOfTrades, 0),
      takerBuyBaseAssetVolume: sum((kline) => kline.takerBuyBaseAssetVolume),
      takerBuyQuoteAssetVolume: sum((kline) => kline.takerBuyQuoteAssetVolume),
    };
  });
}

const FIELDS = {
  open_price: "openPrice",
  high_price: "highPrice",
  low_price: "lowPrice",
  close_price: "closePrice",
  volume: "volume",
  quote_asset_volume: "quoteAssetVolume",
  number_of_trades: "numberOfTrades",
  taker_buy_base_asset_volume: "takerBuyBaseAssetVolume",
  taker_buy_quote_asset_volume: "takerBuyQuoteAssetVolume",
} as const;

/** The kline with another value in one column, by as little as its last digit. */
function spoil(kline: Kline, column: keyof typeof FIELDS): Kline {
  const field = FIELDS[column];
  const value = kline[field];
  const other = typeof value === "number"
    ? value + 1
    : addDecimals(value, parseDecimal("0.00000001"));
  return { ...kline, [field]: other };
}

async function openSymbol(symbol: string, intervals: readonly Interval[]) {
  await store.saveSymbols([marketSymbol(symbol)]);
  for (const interval of intervals) await store.openSeries({ symbol, interval });
  return {
    write: (interval: Interval, klines: readonly Kline[]) =>
      store.write({ symbol, interval }, klines, run),
    list: (interval: Interval, openTime: number) =>
      store.saveListedAt({ symbol, interval }, openTime),
    /** Compares all that is due, of this symbol too. */
    async prove(interval: Interval) {
      for (const pair of await ledger.due()) while (await ledger.advance(pair));
      return (await ledger.find({ symbol, interval }))!;
    },
  };
}

/** Recorded differences of a series by open time, as columns. */
async function planted(symbol: string, interval: Interval) {
  const check = await ledger.check({ symbol, interval }, { from: 0, to: Infinity });
  return new Map(check!.differences.map(({ openTime, details }) => [
    openTime,
    details.map(({ column }) => column).join(),
  ]));
}

for (const seed of [1, 2, 3, 4]) {
  Deno.test(`random differences in any column and at any time are found, and no others (seed ${seed})`, async () => {
    const random = createRandom(seed);
    const symbol = `R${seed}USDT`;
    const all = ["1h", "2h", "6h", "12h", "1d", "3d", "1w", "1M"] as const;
    const own = await openSymbol(symbol, all);
    const hours = randomKlines("2023-12-18T05:00Z", "1h", 100 * 24, random);
    const missing = new Set(Array.from({ length: 30 }, () => Math.floor(random() * hours.length)));
    const served = hours.filter((_, i) => i === 0 || !missing.has(i));
    await own.write("1h", served);
    await own.list("1h", served[0]!.openTime);
    await db.query("update gaps set class = 'exchange_outage'");
    const end = endOf(served.at(-1)!.openTime, "1h");
    const expected = new Map<Interval, Map<number, string>>();
    for (const interval of all.slice(1)) {
      const whole = addUp(served, interval).filter(({ openTime }) =>
        endOf(openTime, interval) <= end
      );
      const found = new Map<number, string>();
      const spoilt = interval === "1d" ? whole : whole.map((kline) => {
        if (random() > 0.08) return kline;
        const columns = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
        const column = columns[Math.floor(random() * columns.length)]!;
        found.set(kline.openTime, column);
        return spoil(kline, column);
      });
      await own.write(interval, spoilt);
      await own.list(interval, spoilt[0]!.openTime);
      expected.set(interval, found);
    }
    for (const [interval, found] of expected) {
      const proof = await own.prove(interval);
      const state = await store.getState({ symbol, interval });
      assert.equal(proof.base, FROM_DAYS.has(interval) ? "1d" : "1h");
      assert.equal(proof.compared, state.rows, `${interval}: all candles are compared`);
      assert.equal(proof.differing, found.size, interval);
      assert.deepEqual(await planted(symbol, interval), found, interval);
    }
    assert.ok([...expected.values()].reduce((sum, found) => sum + found.size, 0) > 10);

    // In parts: each makes the candle around it differ in every interval that is made of hours.
    const sums = Object.keys(FIELDS).filter((column) => !column.endsWith("_price"));
    const days = new Map<number, string>();
    for (let n = 0; n < 5; n++) {
      const hour = served[30 + Math.floor(random() * (served.length - 200))]!;
      const column = sums[Math.floor(random() * sums.length)] as keyof typeof FIELDS;
      if (days.has(openTimeOf(hour.openTime, "1d"))) continue;
      days.set(openTimeOf(hour.openTime, "1d"), column);
      await own.write("1h", [spoil(hour, column)]);
    }
    await own.prove("1d");
    assert.deepEqual(await planted(symbol, "1d"), new Map([...days].sort(([a], [b]) => a - b)));
  });
}

const FROM_DAYS = new Set<Interval>(["3d", "1w", "1M"]);

Deno.test("a corrected candle or part opens its comparison again, and no other", async () => {
  const own = await openSymbol("CUSDT", ["1h", "4h"]);
  const hours = randomKlines("2024-01-01", "1h", 48, createRandom(7));
  const long = addUp(hours, "4h");
  await own.write("1h", hours);
  await own.write("4h", long);
  assert.deepEqual(pick(await own.prove("4h")), { compared: 12, differing: 0, isSettled: true });

  await own.write("4h", [spoil(long[3]!, "volume")]);
  await own.write("1h", [spoil(hours[21]!, "quote_asset_volume")]);
  assert.deepEqual(pick(await own.prove("4h")), { compared: 12, differing: 2, isSettled: true });
  assert.deepEqual(
    await planted("CUSDT", "4h"),
    new Map([[long[3]!.openTime, "volume"], [long[5]!.openTime, "quote_asset_volume"]]),
  );
  await own.write("4h", [long[3]!]);
  await own.write("1h", [hours[21]!]);
  assert.deepEqual(pick(await own.prove("4h")), { compared: 12, differing: 0, isSettled: true });
  assert.deepEqual(await ledger.due(), []);
});

const pick = (
  { compared, differing, isSettled }: RollupProof,
) => ({
  compared,
  differing,
  isSettled,
});

Deno.test("candles before, after and between the compared ones are added", async () => {
  const own = await openSymbol("EUSDT", ["1h", "4h"]);
  const hours = randomKlines("2024-01-01", "1h", 96, createRandom(8));
  const long = addUp(hours, "4h");
  await own.write("1h", hours.slice(48, 71));
  await own.write("4h", long.slice(12, 18).toSpliced(2, 1));
  // The last 4h candle lacks its last hour.
  assert.equal((await own.prove("4h")).compared, 4);
  await own.write("4h", [long[14]!]);
  await own.write("1h", hours.slice(71));
  await own.write("4h", long.slice(18));
  assert.equal((await own.prove("4h")).compared, 12);
  await own.write("1h", hours.slice(0, 48));
  await own.write("4h", [spoil(long[0]!, "low_price"), ...long.slice(1, 12)]);
  assert.deepEqual(pick(await own.prove("4h")), { compared: 24, differing: 1, isSettled: true });
});

Deno.test("nothing is compared where parts are pending, and all where the exchange lacks them", async () => {
  const own = await openSymbol("GUSDT", ["1h", "4h"]);
  const hours = randomKlines("2024-01-01", "1h", 48, createRandom(9)).toSpliced(25, 2);
  await own.write("1h", hours);
  await own.write("4h", addUp(hours, "4h"));
  assert.deepEqual(pick(await own.prove("4h")), { compared: 5, differing: 0, isSettled: false });
  const series = { symbol: "GUSDT", interval: "1h" } as const;
  const [gap] = await createGapLedger(db).list({ symbol: "GUSDT" });
  const evidence = { askedAt: 0, host: undefined, asked: 1, others: 0, othersMissing: 0 };
  await createGapLedger(db).classify(series, gap!, { class: "exchange_outage", evidence });
  assert.deepEqual(pick(await own.prove("4h")), { compared: 12, differing: 0, isSettled: true });

  // A part that the exchange had lost comes back: its candle no longer adds up.
  const [first] = randomKlines("2024-01-02T01:00Z", "1h", 1, createRandom(11));
  await own.write("1h", [{ ...first!, volume: parseDecimal("1.5") }]);
  await createGapLedger(db).scan(series);
  await db.query("update gaps set class = 'exchange_outage' where class = 'pending'");
  const proof = await own.prove("4h");
  assert.deepEqual(pick(proof), { compared: 12, differing: 1, isSettled: true });
});

Deno.test("rows deleted by hand are compared again from the start", async () => {
  const own = await openSymbol("DUSDT", ["1h", "4h"]);
  const hours = randomKlines("2024-01-01", "1h", 48, createRandom(10));
  await own.write("1h", hours);
  await own.write("4h", addUp(hours, "4h"));
  assert.equal((await own.prove("4h")).compared, 12);
  await db.query(
    `delete from klines where interval = '1h' and open_time = '2024-01-01T06:00Z'
       and symbol_id = (select symbol_id from symbols where symbol = 'DUSDT')`,
  );
  assert.equal(await ledger.find({ symbol: "DUSDT", interval: "4h" }), undefined);
  await createGapLedger(db).scan({ symbol: "DUSDT", interval: "1h" });
  assert.equal((await own.prove("4h")).compared, 10);
});

Deno.test("a short interval is compared in bounded steps, and a stopped comparison continues", async () => {
  const own = await openSymbol("MUSDT", ["1m", "1h"]);
  const minutes = randomKlines("2024-01-01", "1m", 90_000, createRandom(12));
  for (let i = 0; i < minutes.length; i += 10_000) {
    await own.write("1m", minutes.slice(i, i + 10_000));
  }
  const long = addUp(minutes, "1h");
  await own.write("1h", long.with(3, spoil(long[3]!, "open_price")));
  const pair = { symbol: "MUSDT", interval: "1h", base: "1m" } as const;
  const counts: number[] = [];
  for (let hasMore = true; hasMore;) {
    hasMore = await createRollupLedger(db).advance(pair);
    counts.push((await ledger.find(pair))!.compared);
  }
  assert.deepEqual(counts, [666, 1332, 1500]);
  assert.equal((await ledger.find(pair))!.differing, 1);
});

Deno.test("rows that another program has updated are found when their turn comes", async () => {
  const own = await openSymbol("WUSDT", ["1h", "4h", "1d"]);
  const hours = randomKlines("2024-01-01", "1h", 96, createRandom(14));
  await own.write("1h", hours);
  for (const interval of ["4h", "1d"] as const) await own.write(interval, addUp(hours, interval));
  await own.prove("4h");
  await db.query(
    `update klines set volume = volume + 0.00000001
     where interval = '1h' and open_time = '2024-01-02T06:00Z'
       and symbol_id = (select symbol_id from symbols where symbol = 'WUSDT')`,
  );
  await own.prove("4h");
  const differing = async () =>
    await Promise.all(
      (["1d", "4h"] as const).map(async (interval) =>
        (await ledger.find({ symbol: "WUSDT", interval }))!.differing
      ),
    );
  assert.deepEqual(await differing(), [0, 0], "nothing tells of the update");
  for (const _ of await ledger.proofs()) await ledger.recheck();
  assert.deepEqual(await differing(), [1, 1]);
  const proof = (await ledger.find({ symbol: "WUSDT", interval: "4h" }))!;
  assert.deepEqual([proof.compared, proof.isSettled], [24, true]);
});

Deno.test("a series that has no shorter one is compared with nothing", async () => {
  const own = await openSymbol("NUSDT", ["1d"]);
  await own.write("1d", [klineAt("2024-01-01", "1d")]);
  assert.equal(await own.prove("1d"), undefined);
  assert.equal(
    await ledger.check({ symbol: "NUSDT", interval: "1d" }, { from: 0, to: DAY_MS }),
    undefined,
  );
});

Deno.test("an appended part makes nothing due until its candle has closed", async () => {
  const own = await openSymbol("TUSDT", ["1h", "4h"]);
  const hours = randomKlines("2024-01-01", "1h", 24, createRandom(13));
  const long = addUp(hours, "4h");
  await own.write("1h", hours.slice(0, 20));
  await own.write("4h", long.slice(0, 5));
  await own.prove("4h");
  const due = async () => (await ledger.due()).filter(({ symbol }) => symbol === "TUSDT").length;
  await own.write("1h", hours.slice(20, 23));
  assert.equal(await due(), 0);
  await own.write("1h", hours.slice(23));
  await own.write("4h", long.slice(5));
  assert.equal(await due(), 1);
  assert.equal((await own.prove("4h")).compared, 6);
  assert.equal(await due(), 0);
});

Deno.test("the last candle derived for a delisted symbol is left out until it has closed", async () => {
  const series = { symbol: "GONEUSDT", interval: "1h" } as const;
  const month = openTimeOf(Date.now(), "1M");
  const first = openTimeOf(month - 1, "1M");
  await store.saveSymbols([marketSymbol(series.symbol)]);
  await store.openSeries(series);
  const count = (month - first) / HOUR_MS + 1;
  await store.write(series, klinesFrom(first, "1h", count), run);
  const to = month + HOUR_MS;
  const evidence = { askedAt: to, host: undefined, asked: 1, others: 0, othersMissing: 0 };
  await createGapLedger(db).setEdge(series, "delisted", { from: to, to: to + DAY_MS }, evidence);
  const derive = async (interval: Interval) =>
    (await readDerived(db, new Map(), { symbol: series.symbol, interval, limit: 1 }))!
      .columns.open_time;
  assert.deepEqual(await derive("1M"), [first]);
});
