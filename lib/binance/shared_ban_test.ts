import assert from "node:assert/strict";
import { MINUTE_MS, SECOND_MS } from "../core/time.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { createBanBoard } from "../store/kv/ban_kv.ts";
import { openFileKv } from "../store/kv/file_kv.ts";
import type { Kv } from "../store/kv/kv.ts";
import { createSpendBoard } from "../store/kv/spend_kv.ts";
import { manualClock } from "../testing/clock.ts";
import { testExchange } from "../testing/collector.ts";
import { silent } from "../testing/database/postgres.ts";

const signal = new AbortController().signal;
const start = Date.UTC(2025, 5, 15, 10, 20, 30);
const series = { symbol: "BTCUSDT", interval: "1h" } as const;

/** An exchange with the local time, and instances that share one KV file. */
async function scene() {
  const simulator = await startSimulator({ now: start, frozen: true, weightClock: "simulated" });
  const path = `${await Deno.makeTempDir()}/kv.sqlite3`;
  const clock = manualClock(start);
  const stores: Kv[] = [];
  return {
    simulator,
    clock,
    instance() {
      const { kv } = openFileKv(path, { log: silent, now: Date.now });
      stores.push(kv);
      const bans = createBanBoard({ kv }, clock.now);
      const spends = createSpendBoard({ kv });
      const exchange = testExchange([simulator.url], { clock, bans, spends, maxWaitMs: 0 });
      const source = exchange.open();
      return {
        budget: exchange.budget,
        ask: () => source.page(series, { limit: 1 }, signal),
        usage: () => source.usage(),
      };
    },
    pass(ms: number) {
      clock.set(clock.now() + ms);
      simulator.clock.advance(ms);
    },
    async [Symbol.asyncDispose]() {
      for (const kv of stores) kv.close();
      await simulator.close();
    },
  };
}

for (const kind of ["429", "418"] as const) {
  Deno.test(`a ${kind} received by one instance stops the others too, and those started later, until it ends`, async () => {
    await using here = await scene();
    const [a, b] = [here.instance(), here.instance()];
    await b.ask();
    here.simulator.faults.add({ kind, count: 1, path: "klines", retryAfterS: 300 });
    await assert.rejects(() => a.ask(), { code: "rate_limited" });
    const sent = here.simulator.requests.total;
    const restarted = here.instance();
    for (const instance of [a, b, restarted]) {
      await assert.rejects(() => instance.ask(), { code: "rate_limited" });
      assert.equal((await instance.budget.read()).ban?.reason, kind);
    }
    here.pass(299 * SECOND_MS);
    await assert.rejects(() => restarted.ask(), { code: "rate_limited" });
    assert.equal(here.simulator.requests.total, sent, "nothing is sent during the ban");
    here.pass(SECOND_MS);
    for (const instance of [a, b, restarted]) {
      await instance.ask();
      assert.equal((await instance.budget.read()).ban, undefined);
    }
    assert.deepEqual(here.simulator.requests.list({ violations: true }), []);
  });
}

Deno.test("a 418 without Retry-After ends at the time in its message", async () => {
  await using here = await scene();
  const a = here.instance();
  const fault = {
    kind: "418",
    count: 1,
    path: "klines",
    retryAfterS: 437,
    isSilent: true,
  } as const;
  here.simulator.faults.add(fault);
  await assert.rejects(() => a.ask(), { code: "rate_limited" });
  assert.equal((await a.budget.read()).ban?.until, start + 437 * SECOND_MS);
});

for (const kind of ["429", "418"] as const) {
  for (const value of ["100000000000000", "1000000000000", "-5", "soon", "9".repeat(300)]) {
    Deno.test(`a ${kind} with Retry-After: ${value.slice(0, 20)} pauses for minutes, not years`, async () => {
      await using here = await scene();
      const a = await here.instance();
      const headers = { "retry-after": value };
      here.simulator.faults.add({ kind, count: 1, path: "klines", headers });
      const message = /until 2025-06-15T10:2[0-9]:/;
      await assert.rejects(() => a.ask(), { code: "rate_limited", message });
      here.pass(2 * MINUTE_MS);
      await a.ask();
    });
  }
}

Deno.test("bans that are extended are respected", async () => {
  await using here = await scene();
  const a = here.instance();
  for (const seconds of [120, 480, 1_920]) {
    const fault = { kind: "418", count: 1, path: "klines", retryAfterS: seconds } as const;
    here.simulator.faults.add(fault);
    const at = here.clock.now();
    await assert.rejects(() => a.ask(), { code: "rate_limited" });
    assert.equal((await a.budget.read()).ban?.until, at + seconds * SECOND_MS);
    here.pass(seconds * SECOND_MS);
  }
  await a.ask();
  assert.deepEqual(here.simulator.requests.list({ violations: true }), []);
});

Deno.test("usage() counts every request sent, including failed ones: the exchange charges them", async () => {
  await using here = await scene();
  const a = here.instance();
  here.simulator.faults.add({ kind: "503", count: 2, path: "klines" });
  await a.ask();
  // The clock, the probe of the host, and three requests for candles.
  assert.deepEqual([a.usage().requests, a.usage().weight], [5, 2 + 3 * 2]);
  assert.equal(here.simulator.requests.total, 5);
});
