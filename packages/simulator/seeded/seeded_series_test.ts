import assert from "node:assert/strict";
import { type Interval, INTERVALS, openTimeOf } from "../../../lib/core/interval.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, toIso } from "../../../lib/core/time.ts";
import { closedRows } from "../market/batch.ts";
import { toUnits } from "../market/fixed_point.ts";
import { FIELD, type KlineRow, parseRow } from "../market/kline_row.ts";
import { at } from "../testing/client.ts";
import { CATALOGUE } from "./catalogue.ts";
import { OUTAGES } from "./outages.ts";
import { SeededMarket } from "./seeded_market.ts";

const FAR = at("2030-01-01T00:00:00Z");

function marketOf(symbol: string, seed = 42, outages = OUTAGES, plain = false): SeededMarket {
  const spec = CATALOGUE.find((known) => known.symbol === symbol)!;
  return new SeededMarket(spec, { seed, outages, since: 0, plain });
}

function rowsOf(market: SeededMarket, interval: Interval, from: number, to: number): KlineRow[] {
  const series = market.series(interval);
  return closedRows(series, { from, to }, FAR).map((row) => parseRow(row.text)).toArray();
}

const SUMS = [
  FIELD.volume,
  FIELD.quoteAssetVolume,
  FIELD.takerBuyBaseAssetVolume,
  FIELD.takerBuyQuoteAssetVolume,
] as const;

/** A longer candle, computed from the shorter ones in it. */
interface Aggregate {
  readonly open: string;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: string;
  readonly sums: readonly bigint[];
  readonly trades: number;
}

function aggregate(rows: readonly KlineRow[]): Aggregate {
  const highs = rows.map((row) => toUnits(row[FIELD.high]));
  const lows = rows.map((row) => toUnits(row[FIELD.low]));
  return {
    open: rows[0]![FIELD.open],
    high: highs.reduce((a, b) => a > b ? a : b),
    low: lows.reduce((a, b) => a < b ? a : b),
    close: rows.at(-1)![FIELD.close],
    sums: SUMS.map((field) => rows.reduce((sum, row) => sum + toUnits(row[field]), 0n)),
    trades: rows.reduce((sum, row) => sum + row[FIELD.numberOfTrades], 0),
  };
}

/** Each interval with a shorter one that divides it. */
const CHAIN: readonly (readonly [Interval, Interval])[] = [
  ["1m", "1s"],
  ["3m", "1m"],
  ["5m", "1m"],
  ["15m", "5m"],
  ["30m", "15m"],
  ["1h", "30m"],
  ["2h", "1h"],
  ["4h", "2h"],
  ["6h", "2h"],
  ["8h", "4h"],
  ["12h", "6h"],
  ["1d", "12h"],
  ["3d", "1d"],
  ["1w", "1d"],
  ["1M", "1d"],
];

function assertAgrees(
  market: SeededMarket,
  [long, short]: readonly [Interval, Interval],
  day: number,
): number {
  const from = openTimeOf(day, long);
  const to = from + (long === "1M" ? 31 : 7) * DAY_MS;
  const span = short === "1s" ? HOUR_MS : to - from;
  const parts = Map.groupBy(
    rowsOf(market, short, from, from + span),
    (row) => openTimeOf(row[0], long),
  );
  const wholes = rowsOf(market, long, from, from + (short === "1s" ? HOUR_MS : 1));
  for (const whole of wholes) {
    const label = `${market.symbol} ${long} of ${short} at ${toIso(whole[0])}`;
    assert.deepEqual(aggregate([whole]), aggregate(parts.get(whole[0]) ?? []), label);
  }
  return wholes.length;
}

Deno.test("SeededSeries: every interval is exactly the aggregation of a shorter one", () => {
  const cases: Record<string, readonly string[]> = {
    // Outages except the first: cut candles, a stub that closes early, missing quarter hours.
    BTCUSDT: ["2024-02-29", "2018-07-04", "2019-06-07", "2020-12-21", "2021-04-25"],
    DOGEUSDT: ["2023-03-24"],
    PEPEUSDT: ["2025-05-19"],
    LUNAUSDT: ["2022-05-12"],
  };
  let compared = 0;
  for (const [symbol, days] of Object.entries(cases)) {
    const market = marketOf(symbol);
    for (const day of days) {
      for (const pair of CHAIN) compared += assertAgrees(market, pair, at(day));
    }
  }
  assert.ok(compared > 300, String(compared));
});

Deno.test("SeededMarket, plain: every interval is exactly the aggregation of a shorter one", () => {
  const market = marketOf("BTCUSDT", 42, OUTAGES, true);
  const compared = CHAIN.reduce(
    (sum, pair) => sum + assertAgrees(market, pair, at("2020-12-21")),
    0,
  );
  assert.ok(compared > 70, String(compared));
  const [open, close] = [FIELD.open, FIELD.close];
  const rows = rowsOf(market, "1h", at("2020-12-21"), at("2020-12-23"));
  assert.equal(rows.length, 48, "no outage");
  assert.ok(rows.every((row, i) => i === 0 || row[open] === rows[i - 1]![close]));
});

Deno.test("SeededSeries: longer candles equal aggregated hours over a whole history with outages", () => {
  const market = marketOf("BTCUSDT");
  const [from, to] = [at("2017-08-14"), at("2021-01-04")];
  // Except the off-grid days of February 2018, as on the real exchange.
  const isOdd = (open: number) => open >= at("2018-02-05") && open < at("2018-02-12");
  const hours = rowsOf(market, "1h", from, to);
  for (const long of ["4h", "1d", "1w"] as const) {
    const parts = Map.groupBy(hours, (row) => openTimeOf(row[0], long));
    for (const whole of rowsOf(market, long, from, to)) {
      if (isOdd(whole[0])) continue;
      assert.deepEqual(aggregate([whole]), aggregate(parts.get(whole[0])!), toIso(whole[0]));
    }
  }
});

Deno.test("SeededSeries: digits depend on the seed, not on the order of requests", () => {
  const read = (seed: number, backwards: boolean) => {
    const market = marketOf("ETHUSDT", seed);
    const days = ["2019-01-01", "2022-06-18", "2025-10-10"];
    const answers = (backwards ? days.toReversed() : days).map((day) =>
      JSON.stringify(rowsOf(market, "5m", at(day), at(day) + HOUR_MS))
    );
    return backwards ? answers.reverse() : answers;
  };
  assert.deepEqual(read(42, false), read(42, true));
  assert.notDeepEqual(read(42, false), read(43, false));
});

Deno.test("SeededSeries: rows are valid rows of an exchange", () => {
  for (const symbol of ["BTCUSDT", "ADAUSDT", "PEPEUSDT", "NOVAUSDT"]) {
    const market = marketOf(symbol);
    const [tick, step] = [toUnits(market.tickSize), toUnits(market.stepSize)];
    const from = at("2026-11-01T10:00:00Z");
    for (const row of rowsOf(market, "1m", from, from + 6 * HOUR_MS)) {
      const [open, high, low, close] = [row[1], row[2], row[3], row[4]].map(toUnits) as bigint[];
      const [volume, quote, taker, takerQuote] = [row[5], row[7], row[9], row[10]].map(toUnits);
      assert.ok(low! <= open! && low! <= close! && high! >= open! && high! >= close!, symbol);
      assert.ok([open, high, low, close].every((price) => price! % tick === 0n && price! > 0n));
      assert.equal(volume! % step, 0n);
      assert.ok(
        quote! * 100_000_000n >= low! * volume! && quote! * 100_000_000n <= high! * volume!,
      );
      assert.ok(taker! <= volume! && takerQuote! <= quote!);
      assert.equal(row[8] === 0, volume === 0n);
      assert.match(row[1], /^\d+\.\d{8}$/);
    }
  }
});

Deno.test("SeededSeries: a candle without trades repeats the last price", () => {
  const rows = rowsOf(marketOf("BTCUSDT"), "1m", at("2017-08-20"), at("2017-08-22"));
  const quiet = rows.filter((row) => row[8] === 0);
  assert.ok(quiet.length > 50, String(quiet.length));
  for (const row of quiet) {
    const before = rows.find((other) => other[0] === row[0] - MINUTE_MS);
    if (before !== undefined) assert.deepEqual(row.slice(1, 5), Array(4).fill(before[4]));
  }
});

Deno.test("SeededSeries: no rows in an outage, cut and misplaced close times around it", () => {
  const market = marketOf("BTCUSDT");
  const shown = (interval: Interval, from: string, to: string) =>
    rowsOf(market, interval, at(from), at(to)).map((row) => [toIso(row[0]), toIso(row[6])]);
  assert.deepEqual(shown("4h", "2018-06-26T00:00:00Z", "2018-06-26T16:00:00Z"), [
    ["2018-06-26T00:00:00.000Z", "2018-06-26T01:59:59.999Z"],
    ["2018-06-26T12:00:00.000Z", "2018-06-26T15:59:59.999Z"],
  ]);
  assert.deepEqual(shown("2h", "2020-12-21T12:00:00Z", "2020-12-21T20:00:00Z"), [
    ["2020-12-21T12:00:00.000Z", "2020-12-21T13:47:20.521Z"],
    ["2020-12-21T14:00:00.000Z", "2020-12-21T13:47:20.521Z"],
    ["2020-12-21T18:00:00.000Z", "2020-12-21T19:59:59.999Z"],
  ]);
  assert.deepEqual(shown("1h", "2017-09-06T15:00:00Z", "2017-09-07T00:00:00Z"), [
    ["2017-09-06T15:00:00.000Z", "2017-09-06T16:00:00.000Z"],
    ["2017-09-06T23:00:00.000Z", "2017-09-06T23:59:59.999Z"],
  ]);
});

Deno.test("SeededSeries: after the outage of 2018 hours open off the grid, differently for each symbol", () => {
  const [btc, eth] = ["BTCUSDT", "ETHUSDT"].map((symbol) =>
    rowsOf(marketOf(symbol), "1h", at("2018-02-08"), at("2018-02-11T06:00:00Z"))
  ) as [KlineRow[], KlineRow[]];
  const offGrid = btc.filter((row) => row[0] % HOUR_MS !== 0);
  assert.equal(offGrid.length, 43);
  assert.equal(new Set(offGrid.map((row) => row[0] % HOUR_MS)).size, 1);
  assert.notEqual(eth[1]![0], btc[1]![0]);
  const last = offGrid.at(-1)!;
  const next = btc[btc.indexOf(last) + 1]!;
  assert.equal(toIso(next[0]), "2018-02-11T04:00:00.000Z");
  assert.equal(toIso(last[6]), "2018-02-11T04:00:00.999Z");
  const days = rowsOf(marketOf("BTCUSDT"), "1d", at("2018-02-08"), at("2018-02-12"));
  assert.equal(days.length, 4);
});

Deno.test("SeededSeries: without outages there is no gap", () => {
  const market = marketOf("BTCUSDT", 42, []);
  const rows = rowsOf(market, "1h", at("2017-08-17"), at("2024-01-01"));
  assert.equal(rows.length, (at("2024-01-01") - at("2017-08-17T04:00:00Z")) / HOUR_MS);
});

Deno.test("SeededSeries: the open candle grows with the clock and ends as the closed one", () => {
  const series = marketOf("BTCUSDT").series("15m");
  const open = at("2024-05-15T10:15:00Z");
  const states = [0, 1, 60, 400, 899].map((second) =>
    parseRow(series.openCandle(open + second * 1000)!.text)
  );
  assert.equal(states[0]![5], "0.00000000");
  for (const [i, state] of states.entries()) {
    assert.equal(state[0], open);
    assert.equal(state[6], open + 15 * MINUTE_MS - 1);
    if (i > 0) assert.ok(toUnits(state[5]) > toUnits(states[i - 1]![5]));
  }
  const seconds = rowsOf(marketOf("BTCUSDT"), "1s", open, open + 400_000);
  assert.deepEqual(aggregate([states[3]!]), aggregate(seconds));
  const [closed] = rowsOf(marketOf("BTCUSDT"), "15m", open, open + 1);
  const almost = parseRow(series.openCandle(open + 15 * MINUTE_MS - 1)!.text);
  const last = rowsOf(marketOf("BTCUSDT"), "1s", open + 899_000, open + 900_000);
  assert.deepEqual(aggregate([closed!]), aggregate([almost, ...last]));
});

Deno.test("SeededSeries: the first and last candles follow listing and delisting", () => {
  const first = (symbol: string, interval: Interval) =>
    toIso(rowsOf(marketOf(symbol), interval, 0, FAR)[0]![0]);
  assert.equal(first("BTCUSDT", "1w"), "2017-08-14T00:00:00.000Z");
  assert.equal(first("BTCUSDT", "4h"), "2017-08-17T04:00:00.000Z");
  assert.equal(first("NOVAUSDT", "1h"), "2026-10-21T13:00:00.000Z");
  const luna = rowsOf(marketOf("LUNAUSDT"), "1h", at("2022-05-12"), at("2022-06-01"));
  const gap = luna.findIndex((row, i) => i > 0 && row[0] - luna[i - 1]![0] > DAY_MS);
  assert.equal(toIso(luna[gap - 1]![0]), "2022-05-13T00:00:00.000Z");
  assert.equal(toIso(luna[gap]![0]), "2022-05-31T06:00:00.000Z");
  const serum = rowsOf(marketOf("SRMUSDT"), "1d", 0, FAR);
  assert.equal(toIso(serum.at(-1)![0]), "2022-11-28T00:00:00.000Z");
});

Deno.test("SeededSeries knows all intervals of the exchange", () => {
  const market = marketOf("BTCUSDT");
  for (const interval of INTERVALS) {
    const from = at("2024-05-01");
    assert.ok(rowsOf(market, interval, from, from + MINUTE_MS).length <= 60, interval);
  }
});
