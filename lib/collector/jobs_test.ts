import assert from "node:assert/strict";
import type { Interval } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, parseTime, toIso } from "../core/time.ts";
import { storedRows, testJobs } from "../testing/collector.ts";
import { scene, served } from "../testing/collector_scene.ts";
import { testCluster } from "../testing/database/postgres.ts";
import { runBackfill, runCollect, runRepair } from "./jobs.ts";

const signal = new AbortController().signal;
const btc: Series = { symbol: "BTCUSDT", interval: "1h" };
const eth: Series = { symbol: "ETHUSDT", interval: "1h" };

await testCluster(); // shared by all tests, so opened outside of them

Deno.test("runCollect() stores the newest 1000 closed candles exactly, and no open one", async () => {
  await using here = await scene();
  const intervals: Interval[] = ["1m", "15m", "1h", "4h", "1d", "1w", "1M"];
  const series = intervals.map((interval) => ({ symbol: "BTCUSDT", interval }));
  const report = await runCollect(here.jobs, series, signal);
  assert.equal(report.error, undefined);
  for (const one of series) {
    const expected = served(here.simulator, one).slice(-1000);
    assert.deepEqual(await storedRows(here.db, one), expected, one.interval);
  }
});

Deno.test("runCollect() then adds exactly the newly closed candles, with their final values", async () => {
  await using here = await scene();
  await runCollect(here.jobs, [btc, eth], signal);
  const before = await storedRows(here.db, btc);
  here.simulator.clock.advance(5 * HOUR_MS);
  const report = await runCollect(here.jobs, [btc, eth], signal);
  assert.deepEqual([report.new, report.corrected, report.unchanged], [10, 0, 2]);
  const after = await storedRows(here.db, btc);
  assert.deepEqual(after.slice(0, -5), before);
  assert.deepEqual(after, served(here.simulator, btc).slice(-1005));
  assert.equal(toIso(after.at(-5)![0] as number), "2025-06-15T10:00:00.000Z", "was open before");
});

Deno.test("runCollect() requests only series whose next candle has closed", async () => {
  await using here = await scene({ symbols: ["BTCUSDT", "ETHUSDT"] });
  const intervals: Interval[] = ["1h", "4h", "1d", "1w", "1M", "3d"];
  const series = ["BTCUSDT", "ETHUSDT"].flatMap((symbol) =>
    intervals.map((interval) => ({ symbol, interval }))
  );
  const collect = async () => {
    here.simulator.requests.clear();
    const report = await runCollect(here.jobs, series, signal);
    assert.deepEqual([report.outcome, report.failures.size], ["done", 0]);
    const asked = here.simulator.requests.list({ path: "klines" })
      .map(({ query }) => new URLSearchParams(query).get("interval")!);
    return [...new Set(asked)].sort().join();
  };
  assert.equal(await collect(), intervals.toSorted().join());
  assert.equal(await collect(), "", "10:20: nothing has closed");
  here.simulator.clock.advance(HOUR_MS);
  assert.equal(await collect(), "1h");
  assert.equal(await collect(), "");
  here.simulator.clock.advance(HOUR_MS);
  assert.equal(await collect(), "1h,4h");
  here.simulator.clock.advance(12 * HOUR_MS);
  assert.equal(await collect(), "1d,1h,1w,4h", "Monday, 2025-06-16");
  here.simulator.clock.advance(16 * DAY_MS);
  assert.equal(await collect(), intervals.toSorted().join());
  for (const one of series) {
    const stored = await storedRows(here.db, one);
    assert.deepEqual(stored, served(here.simulator, one).slice(-stored.length), one.interval);
  }
});

Deno.test("runCollect() leaves out a symbol that stopped days ago, until it trades again", async () => {
  await using here = await scene();
  const stopped = { symbol: "SOLUSDT", interval: "1h" } as const;
  const asked = async () => {
    here.simulator.requests.clear();
    const report = await runCollect(here.jobs, [btc, eth, stopped], signal);
    assert.equal(report.outcome, "done");
    return here.simulator.requests.list({ path: "SOLUSDT" }).length;
  };
  await asked();
  here.simulator.stopSymbol("SOLUSDT");
  here.simulator.clock.advance(5 * HOUR_MS);
  assert.notEqual(await asked(), 0, "its last candle may be missing");
  here.simulator.clock.advance(2 * DAY_MS);
  assert.equal(await asked(), 0);
  here.simulator.resumeSymbol("SOLUSDT");
  assert.notEqual(await asked(), 0);
  const stored = await storedRows(here.db, stopped);
  assert.deepEqual(stored, served(here.simulator, stopped).slice(-stored.length));
});

Deno.test("runCollect() after weeks of absence catches up without a gap", async () => {
  await using here = await scene();
  await runCollect(here.jobs, [btc], signal);
  here.simulator.clock.advance(130 * DAY_MS);
  const report = await runCollect(here.jobs, [btc], signal);
  assert.equal(report.new, 130 * 24);
  assert.deepEqual(await storedRows(here.db, btc), served(here.simulator, btc).slice(-4120));
  assert.deepEqual(await here.jobs.gaps.list({}), []);
});

Deno.test("runCollect() uses the exchange's clock instead of the local one", async () => {
  const options = { now: parseTime("2021-03-04T05:59:59.999Z"), since: parseTime("2021-01-01") };
  await using here = await scene(options);
  await runCollect(here.jobs, [btc], signal);
  const last = (await storedRows(here.db, btc)).at(-1)!;
  assert.equal(toIso(last[0] as number), "2021-03-04T04:00:00.000Z", "05:00 closes in 1 ms");
  here.simulator.clock.advance(1);
  assert.equal((await runCollect(here.jobs, [btc], signal)).new, 1);
});

Deno.test("runBackfill() reaches the exchange's first candle, newest first, and stops", async () => {
  await using here = await scene();
  await runCollect(here.jobs, [btc, eth], signal);
  const report = await runBackfill(here.jobs, [btc, eth], signal);
  assert.equal(report.error, undefined);
  for (const one of [btc, eth]) {
    assert.deepEqual(await storedRows(here.db, one), served(here.simulator, one));
  }
  const again = await runBackfill(here.jobs, [btc, eth], signal);
  assert.equal(again.requests, 0);
});

Deno.test("runBackfill() stores nothing before the wanted start", async () => {
  await using here = await scene();
  const since = parseTime("2025-03-01T12:00Z");
  await runCollect(here.jobs, [btc], signal);
  await runBackfill({ ...here.jobs, historySince: since }, [btc], signal);
  const stored = await storedRows(here.db, btc);
  assert.equal(stored[0]![0], since);
  assert.deepEqual(stored, served(here.simulator, btc).slice(-stored.length));
});

Deno.test("runBackfill() continues where it was stopped", async () => {
  await using here = await scene({ since: parseTime("2024-01-01") });
  await runCollect(here.jobs, [btc], signal);
  const stop = new AbortController();
  let pages = 0;
  const jobs = { ...here.jobs, onPage: () => ++pages === 3 && stop.abort(new Error("enough")) };
  await assert.rejects(() => runBackfill(jobs, [btc], stop.signal), /enough/);
  const part = await storedRows(here.db, btc);
  assert.deepEqual(part, served(here.simulator, btc).slice(-part.length));
  await runBackfill(here.jobs, [btc], signal);
  assert.deepEqual(await storedRows(here.db, btc), served(here.simulator, btc));
});

Deno.test("runRepair() refills deleted candles with requests for the gap only", async () => {
  await using here = await scene();
  await runCollect(here.jobs, [btc], signal);
  await here.db.query(
    "delete from klines where open_time >= '2025-05-20T03:00Z' and open_time < '2025-05-20T07:00Z'",
  );
  here.simulator.requests.clear();
  const report = await runRepair(here.jobs, [btc], signal);
  assert.equal(report.new, 4);
  assert.deepEqual(await storedRows(here.db, btc), served(here.simulator, btc).slice(-1000));
  assert.deepEqual(await here.jobs.gaps.list({}), []);
  const asked = here.simulator.requests.list({ path: "startTime" }).map((one) => one.query);
  assert.equal(asked.length, 1);
  assert.match(asked[0]!, new RegExp(`startTime=${parseTime("2025-05-20T03:00Z")}`));
  assert.match(asked[0]!, new RegExp(`endTime=${parseTime("2025-05-20T07:00Z") - 1}`));
});

Deno.test("runRepair() records candles that the exchange lacks as an outage, with evidence", async () => {
  await using here = await scene();
  const outage = { from: parseTime("2025-06-01T03:00Z"), to: parseTime("2025-06-01T06:00Z") };
  here.simulator.hide({ symbol: "BTCUSDT", ...outage });
  await runCollect(here.jobs, [btc], signal);
  const [found] = await here.jobs.gaps.list({});
  assert.equal(found?.class, "pending");
  await runRepair(here.jobs, [btc], signal);
  const [gap] = await here.jobs.gaps.list({});
  assert.deepEqual([gap?.class, gap?.from, gap?.to, gap?.missing], [
    "exchange_outage",
    outage.from,
    outage.to,
    3,
  ]);
  assert.equal(gap?.evidence?.host, here.simulator.url);
  assert.equal(gap?.evidence?.asked, 1);
});

Deno.test("runRepair() corrects a recent revised candle and keeps the old version", async () => {
  await using here = await scene();
  await runCollect(here.jobs, [btc], signal);
  const openTime = parseTime("2025-06-10T10:00Z");
  here.simulator.revise({ ...btc, openTime, change: { volume: "7777.12345000" } });
  const report = await runRepair(here.jobs, [btc], signal);
  assert.deepEqual([report.new, report.corrected], [0, 1]);
  assert.deepEqual(await storedRows(here.db, btc), served(here.simulator, btc).slice(-1000));
  const [old] = await here.db.query<{ count: number }>("select count(*) from kline_revisions");
  assert.equal(old?.count, 1);
});

Deno.test("runRepair() audits all of history in rotation and corrects revised candles", async () => {
  await using here = await scene();
  const hourly = [btc, eth];
  await runCollect(here.jobs, hourly, signal);
  await runBackfill(here.jobs, hourly, signal);
  const openTime = parseTime("2025-01-02T03:00Z"); // far older than the newest 1000
  here.simulator.revise({ ...btc, openTime, change: { close: "12345.67000000" } });
  const report = await runRepair(here.jobs, hourly, signal);
  assert.deepEqual([report.new, report.corrected], [0, 1]);
  assert.deepEqual(await storedRows(here.db, btc), served(here.simulator, btc));
  assert.equal((await here.jobs.store.getState(btc)).auditedTo, undefined, "it starts over");
});

Deno.test("an outage that other symbols share is distinguished from a suspended symbol", async () => {
  await using here = await scene();
  const outage = { from: parseTime("2025-06-01T03:00Z"), to: parseTime("2025-06-01T06:00Z") };
  const silence = { from: parseTime("2025-05-20T00:00Z"), to: parseTime("2025-05-23T00:00Z") };
  for (const symbol of ["BTCUSDT", "ETHUSDT"]) here.simulator.hide({ symbol, ...outage });
  here.simulator.hide({ symbol: "ETHUSDT", ...silence });
  await runCollect(here.jobs, [btc, eth], signal);
  await runRepair(here.jobs, [btc, eth], signal);
  const found = (await here.jobs.gaps.list({})).map((gap) => [
    gap.symbol,
    toIso(gap.from),
    gap.missing,
    gap.class,
    `${gap.evidence?.othersMissing} of ${gap.evidence?.others}`,
  ]);
  assert.deepEqual(found, [
    ["BTCUSDT", "2025-06-01T03:00:00.000Z", 3, "exchange_outage", "1 of 1"],
    ["ETHUSDT", "2025-05-20T00:00:00.000Z", 72, "delisted", "0 of 1"],
    ["ETHUSDT", "2025-06-01T03:00:00.000Z", 3, "exchange_outage", "1 of 1"],
  ]);
});

Deno.test("a symbol that stopped trading is recorded as delisted until it resumes", async () => {
  await using here = await scene();
  await runCollect(here.jobs, [btc, eth], signal);
  here.simulator.stopSymbol("ETHUSDT");
  here.simulator.clock.advance(DAY_MS);
  await runCollect(here.jobs, [btc, eth], signal);
  await runRepair(here.jobs, [btc, eth], signal);
  const [gap] = await here.jobs.gaps.list({ symbol: "ETHUSDT" });
  assert.deepEqual([gap?.class, gap && toIso(gap.to)], ["delisted", "2025-06-16T10:00:00.000Z"]);
  assert.deepEqual([gap?.evidence?.others, gap?.missing], [0, 23]);
  here.simulator.clock.advance(DAY_MS);
  await runRepair(here.jobs, [eth], signal);
  assert.equal((await here.jobs.gaps.list({ symbol: "ETHUSDT" }))[0]?.missing, 47, "it grows");

  here.simulator.resumeSymbol("ETHUSDT");
  here.simulator.clock.advance(5 * HOUR_MS);
  await runCollect(here.jobs, [eth], signal);
  await runRepair(here.jobs, [eth], signal);
  assert.deepEqual(await storedRows(here.db, eth), served(here.simulator, eth).slice(-1000 - 53));
  assert.deepEqual(await here.jobs.gaps.list({ symbol: "ETHUSDT" }), []);
});

Deno.test("history wanted before the listing is recorded as not_listed", async () => {
  await using here = await scene({ since: 0, now: parseTime("2020-10-20") });
  const avax: Series = { symbol: "AVAXUSDT", interval: "1h" };
  const jobs = { ...here.jobs, historySince: parseTime("2020-09-01") };
  await runCollect(jobs, [avax], signal);
  await runBackfill(jobs, [avax], signal);
  await runRepair(jobs, [avax], signal);
  const [gap] = await jobs.gaps.list({});
  const [first] = served(here.simulator, avax);
  assert.deepEqual([gap?.class, gap?.from, gap?.to], [
    "not_listed",
    parseTime("2020-09-01"),
    first![0],
  ]);
});

Deno.test("runCollect() stores nothing of an invalid batch, records it, and continues with other series", async () => {
  for (
    const kind of ["eleven-columns", "number-for-string", "object-body", "malformed-json"] as const
  ) {
    await using here = await scene();
    here.simulator.faults.add({ kind, symbol: "BTCUSDT" });
    const report = await runCollect(here.jobs, [btc, eth], signal);
    assert.deepEqual([...report.failures.keys()], ["BTCUSDT 1h"], kind);
    assert.deepEqual(await storedRows(here.db, btc), [], kind);
    assert.equal((await storedRows(here.db, eth)).length, 1000, kind);
    const [run] = await here.db.query<{ error: string }>("select error from runs");
    assert.match(run!.error, /^BTCUSDT 1h: Cannot (read klines|get )/, kind);
    const asked = here.simulator.requests.list({ path: "BTCUSDT" }).length;
    assert.equal(asked, 1, `${kind}: not retried blindly`);
  }
});

Deno.test("runCollect() corrects duplicate and unordered rows", async () => {
  await using here = await scene();
  here.simulator.faults.add({ kind: "duplicate-rows", symbol: "BTCUSDT" });
  here.simulator.faults.add({ kind: "shuffled-rows", symbol: "ETHUSDT" });
  await runCollect(here.jobs, [btc, eth], signal);
  for (const one of [btc, eth]) {
    const stored = await storedRows(here.db, one);
    assert.deepEqual(stored, served(here.simulator, one).slice(-stored.length));
    assert.ok(stored.length > 400);
  }
});

Deno.test("runCollect() reports a symbol that the exchange lacks by name and collects the others", async () => {
  await using here = await scene();
  const nope: Series = { symbol: "NOPEUSDT", interval: "1h" };
  const { failures } = await runCollect(here.jobs, [nope, btc], signal);
  assert.match(String(failures.get("NOPEUSDT 1h")), /Cannot find symbol on Binance: NOPEUSDT/);
  assert.equal((await storedRows(here.db, btc)).length, 1000);
});

Deno.test("runCollect() survives connection resets, 5xx and truncated responses", async () => {
  await using here = await scene();
  for (const kind of ["reset", "502", "cut-body", "503", "-1001"] as const) {
    here.simulator.faults.add({ kind, count: 1, path: "klines" });
  }
  const report = await runCollect(here.jobs, [btc, eth], signal);
  assert.equal(report.error, undefined);
  assert.equal(report.new, 2000);
});

Deno.test("runCollect() sends nothing during a ban and reports its end", async () => {
  await using here = await scene();
  here.simulator.faults.add({ kind: "418", count: 1, path: "klines", retryAfterS: 120 });
  await assert.rejects(() => runCollect(here.jobs, [btc, eth], signal), {
    code: "rate_limited",
    message: /Cannot send requests to Binance: it has banned this address until .*HTTP 418/,
  });
  const sent = here.simulator.requests.total;
  await assert.rejects(() => runCollect(here.jobs, [btc, eth], signal), { code: "rate_limited" });
  assert.equal(here.simulator.requests.total, sent);
  assert.deepEqual(here.simulator.requests.list({ violations: true }), []);
});

Deno.test("runCollect() names the operator's options when the location is blocked", async () => {
  await using here = await scene();
  here.simulator.faults.add({ kind: "451" });
  await assert.rejects(() => runCollect(here.jobs, [btc], signal), {
    code: "exchange_unavailable",
    message: /^Binance cannot be reached from here: .*HTTP 451.*region eu.*BINANCE_URLS.*archive/,
  });
  assert.equal(here.simulator.requests.total, 2, "asked once, and for the clock");
});

Deno.test("runCollect() uses the next host when one is down", async () => {
  await using here = await scene();
  const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const dead = `http://127.0.0.1:${gone.addr.port}`;
  gone.close();
  const jobs = testJobs(here.db, [dead, here.simulator.url]);
  assert.equal((await runCollect(jobs, [btc], signal)).new, 1000);
});

Deno.test("the run history names a simulated exchange", async () => {
  await using here = await scene();
  await runCollect(here.jobs, [btc], signal);
  assert.deepEqual(await here.db.query("select simulated from runs"), [{ simulated: "seed 42" }]);
});

Deno.test("minute candles collected every minute are always complete", async () => {
  await using here = await scene();
  const one: Series = { symbol: "BTCUSDT", interval: "1m" };
  await runCollect(here.jobs, [one], signal);
  here.simulator.clock.advance(MINUTE_MS);
  assert.equal((await runCollect(here.jobs, [one], signal)).new, 1);
});
