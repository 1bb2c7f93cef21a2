import assert from "node:assert/strict";
import { type Interval, INTERVALS } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import { DAY_MS, HOUR_MS, parseTime } from "../core/time.ts";
import { scene, SCENE_NOW } from "../testing/collector_scene.ts";
import { testCluster } from "../testing/database/postgres.ts";
import { createRollupLedger } from "../store/postgres/rollups/rollups_postgres.ts";
import { listRuns } from "../store/postgres/status/runs_postgres.ts";
import { runBackfill, runCollect } from "./jobs.ts";
import { runProof } from "./prove.ts";

const signal = new AbortController().signal;
await testCluster();

const seriesOf = (symbols: readonly string[], intervals: readonly Interval[]): Series[] =>
  symbols.flatMap((symbol) => intervals.map((interval) => ({ symbol, interval })));

/** A scene whose series are collected completely, with a clock for the job. */
async function collected(
  series: readonly Series[],
  options: Parameters<typeof scene>[0] = {},
) {
  const here = await scene(options);
  const rollups = createRollupLedger(here.db);
  let now = options.now ?? SCENE_NOW;
  const own = {
    ...here,
    rollups,
    prove: (own: Partial<Parameters<typeof runProof>[0]> = {}) =>
      runProof({ ...here.jobs, rollups, now: () => now, ...own }, signal),
    advance: (ms: number) => now += ms,
    summary: async () =>
      (await rollups.proofs()).map((one) =>
        `${one.symbol} ${one.interval} = Σ ${one.base}: ${
          one.compared - one.differing
        } of ${one.compared}`
      ).sort(),
    [Symbol.asyncDispose]: () => here[Symbol.asyncDispose](),
  };
  await runCollect(here.jobs, series, signal);
  await runBackfill(here.jobs, series, signal);
  return own;
}

/** A candle with another volume than the sum of its parts. */
const open = parseTime("2025-04-10T04:00:00Z");
const changed = {
  symbol: "BTCUSDT",
  interval: "4h",
  openTime: open,
  change: { volume: "5.12345678" },
} as const;

Deno.test("the exchange's candles of all intervals add up, and nothing is asked for again", async () => {
  const series = [
    ...seriesOf(["BTCUSDT", "PEPEUSDT"], INTERVALS.slice(INTERVALS.indexOf("30m"))),
    ...seriesOf(["ETHUSDT"], ["1m", "3m", "5m", "15m", "1h"]),
  ];
  await using here = await collected(series, { since: parseTime("2025-05-01") });
  const before = (await listRuns(here.db, 50)).length;
  await here.prove();
  const summary = await here.summary();
  assert.equal(summary.length, 2 * 10 + 4, summary.join("\n"));
  for (const line of summary) {
    const [, equal, compared] = line.match(/: (\d+) of (\d+)$/)!;
    assert.ok(Number(compared) > 0 && equal === compared, line);
  }
  assert.equal((await listRuns(here.db, 50)).length, before);
  assert.deepEqual(await here.rollups.due(), []);
});

Deno.test("a difference that the exchange confirms stays, with its cause, and is asked for after a pause", async () => {
  const series = seriesOf(["BTCUSDT"], ["1h", "4h", "1d"]);
  await using here = await collected(series);
  here.simulator.revise(changed);
  here.simulator.revise({
    ...changed,
    interval: "1d",
    openTime: parseTime("2025-03-02"),
    change: { high: "999999.5" },
  });
  const stored = await here.jobs.runs.start("test", "rest");
  for (const [interval, time] of [["4h", open], ["1d", parseTime("2025-03-02")]] as const) {
    const klines = await served(here, interval, time);
    await here.jobs.store.write({ symbol: "BTCUSDT", interval }, klines, stored);
  }
  await here.prove();
  const [long, day] = await Promise.all(
    (["4h", "1d"] as const).map((interval) => here.rollups.find({ symbol: "BTCUSDT", interval })),
  );
  assert.deepEqual(causes(long), [[open, "volume", "late_trades", 1]]);
  assert.deepEqual(causes(day), [[parseTime("2025-03-02"), "high_price", "exchange", 1]]);
  const [run] = await listRuns(here.db, 1);
  assert.deepEqual([run!.job, run!.outcome], ["prove", "done"]);
  assert.ok(run!.requests <= 8, `${run!.requests} requests for two candles and their parts`);

  await here.prove();
  assert.equal((await listRuns(here.db, 1))[0]!.runId, run!.runId, "nothing is asked again yet");
  here.advance(HOUR_MS);
  await here.prove();
  assert.equal(
    (await here.rollups.find({ symbol: "BTCUSDT", interval: "4h" }))!.differences[0]!.asked,
    2,
  );
});

const causes = (proof: Awaited<ReturnType<ReturnType<typeof createRollupLedger>["find"]>>) =>
  proof!.differences.map(({ openTime, details, cause, asked }) => [
    openTime,
    details.map(({ column }) => column).join(),
    cause,
    asked,
  ]);

/** The candle as the exchange serves it now. */
async function served(
  { jobs }: Awaited<ReturnType<typeof collected>>,
  interval: Interval,
  openTime: number,
) {
  const range = { from: openTime, to: openTime + 1 };
  return (await jobs.openSource().page({ symbol: "BTCUSDT", interval }, range, signal)).klines;
}

Deno.test("a stored value that the exchange does not confirm is corrected, and the difference is gone", async () => {
  await using here = await collected(seriesOf(["BTCUSDT"], ["1h", "4h"]));
  const [candle] = await served(here, "4h", open);
  const [part] = await served(here, "1h", open + 30 * DAY_MS);
  here.simulator.revise(changed);
  const run = await here.jobs.runs.start("test", "rest");
  const btc = (interval: Interval) => ({ symbol: "BTCUSDT", interval });
  await here.jobs.store.write(btc("4h"), await served(here, "4h", open), run);
  await here.jobs.store.write(btc("1h"), [{ ...part!, numberOfTrades: 7 }], run);
  here.simulator.revise({ ...changed, change: { volume: candle!.volume } });
  for (const pair of await here.rollups.due()) while (await here.rollups.advance(pair));
  assert.equal((await here.rollups.find(btc("4h")))!.differing, 2);
  await here.prove();
  assert.equal((await here.rollups.find(btc("4h")))!.differing, 0);
  assert.equal((await listRuns(here.db, 1))[0]!.corrected, 2);
  const [revision] = await here.db.query<{ volume: string }>(
    "select volume::text from kline_revisions where interval = '4h' order by change_seq desc",
  );
  assert.equal(revision!.volume, "5.12345678");
});

Deno.test("while the exchange refuses a symbol its differences stay unexplained, and others are asked for", async () => {
  await using here = await collected(seriesOf(["BTCUSDT", "ETHUSDT"], ["1h", "4h"]));
  const run = await here.jobs.runs.start("test", "rest");
  for (const symbol of ["BTCUSDT", "ETHUSDT"]) {
    const [kline] = await here.jobs.store.read({ symbol, interval: "4h" }, {
      from: open,
      to: open + 1,
    });
    await here.jobs.store.write(
      { symbol, interval: "4h" },
      [{ ...kline!, numberOfTrades: 3 }],
      run,
    );
  }
  here.simulator.faults.add({ kind: "-1122", symbol: "BTCUSDT", count: 50 });
  await here.prove();
  assert.deepEqual(await here.summary(), [
    "BTCUSDT 4h = Σ 1h: 991 of 992",
    "ETHUSDT 4h = Σ 1h: 992 of 992",
  ]);
  const [left] = (await here.rollups.find({ symbol: "BTCUSDT", interval: "4h" }))!.differences;
  assert.deepEqual([left!.openTime, left!.asked, left!.cause], [open, 1, undefined]);
});

Deno.test("differences around the outage of February 2018 are explained by candles off the grid", async () => {
  const range = { now: parseTime("2018-03-01T00:00:30Z"), since: parseTime("2018-01-25") };
  await using here = await collected(seriesOf(["BTCUSDT"], ["1h", "4h", "1d"]), range);
  await here.prove();
  const proofs = await here.rollups.proofs();
  const explained = await here.db.query<{ cause: string | null; open_time: number }>(
    "select cause, open_time from rollup_differences order by open_time",
  );
  assert.ok(explained.length > 5, JSON.stringify(proofs));
  for (const { cause, open_time } of explained) {
    assert.ok(open_time >= parseTime("2018-02-08") && open_time < parseTime("2018-02-12"));
    assert.ok(cause === "off_grid" || cause === "outage", `${new Date(open_time)} ${cause}`);
  }
});

Deno.test("differences that are not due, or open before HISTORY_SINCE, do not hold up one that is", async () => {
  await using here = await collected(seriesOf(["BTCUSDT"], ["1h", "4h"]));
  here.simulator.revise(changed);
  const run = await here.jobs.runs.start("test", "rest");
  const series = { symbol: "BTCUSDT", interval: "4h" } as const;
  await here.jobs.store.write(series, await served(here, "4h", open), run);
  const prove = () => here.prove({ historySince: parseTime("2020-01-01") });
  const asked = async () => (await here.rollups.find(series))!.differences.at(-1)!.asked;
  await prove();
  assert.equal(await asked(), 1);
  const plant = (from: string, times: number, askedAt: number | undefined) =>
    here.db.query(
      `insert into rollup_differences
         (symbol_id, interval, base, open_time, details, found_at, asked, asked_at)
       select symbol_id, '4h', '1h', $1::timestamptz + place * interval '4 hours', '[]', now(), $2, $3
       from symbols, generate_series(1, 250) as place where symbol = 'BTCUSDT'`,
      [from, times, askedAt === undefined ? null : new Date(askedAt)],
    );
  await plant("2019-01-01T00:00:00Z", 0, undefined);
  await plant("2021-01-01T00:00:00Z", 4, SCENE_NOW - DAY_MS);
  await prove();
  assert.equal(await asked(), 1, "not due yet");
  here.advance(2 * HOUR_MS);
  await prove();
  assert.equal(await asked(), 2);
});

Deno.test("a pair that cannot be compared holds up neither others nor requests, and the job fails", async () => {
  await using here = await collected(seriesOf(["BTCUSDT", "ETHUSDT"], ["1h", "4h"]));
  const series = { symbol: "ETHUSDT", interval: "4h" } as const;
  const [kline] = await here.jobs.store.read(series, { from: open, to: open + 1 });
  const run = await here.jobs.runs.start("test", "rest");
  await here.jobs.store.write(series, [{ ...kline!, numberOfTrades: 3 }], run);
  const rollups = {
    ...here.rollups,
    recheck: () => Promise.reject(new Error("statement timeout")),
    advance: (pair: Parameters<typeof here.rollups.advance>[0]) =>
      pair.symbol === "BTCUSDT"
        ? Promise.reject(new Error("numeric value out of range"))
        : here.rollups.advance(pair),
  };
  await assert.rejects(here.prove({ rollups }), {
    message: "Cannot compare BTCUSDT 4h: numeric value out of range",
  });
  assert.deepEqual(await here.summary(), ["ETHUSDT 4h = Σ 1h: 992 of 992"]);
});
