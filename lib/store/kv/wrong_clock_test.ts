import assert from "node:assert/strict";
import { manualClock } from "../../testing/clock.ts";
import { silent } from "../../testing/database/postgres.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../core/time.ts";
import { createRequestBudget } from "../../binance/weight.ts";
import { createSeriesHealth } from "../../collector/series_health.ts";
import { createBanBoard } from "./ban_kv.ts";
import { createFailingBoard } from "./failing_kv.ts";
import { createLeases } from "./lease_kv.ts";
import { createSpendBoard } from "./spend_kv.ts";

const never = new AbortController().signal;
const TODAY = Date.UTC(2025, 5, 15);
const AHEAD = [2 * HOUR_MS, DAY_MS, 3650 * DAY_MS];

for (const aheadMs of AHEAD) {
  Deno.test(`KV entries of a clock ${aheadMs / HOUR_MS} h ahead block nothing once the clock is right`, async () => {
    using kv = await Deno.openKv(":memory:");
    const clock = manualClock(TODAY + aheadMs);
    const open = () => ({
      bans: createBanBoard({ kv }, clock.now),
      budget: createRequestBudget({
        clock,
        maxWaitMs: 0,
        bans: createBanBoard({ kv }, clock.now),
        spends: createSpendBoard({ kv }),
      }),
    });
    const before = open();
    for (let i = 0; i < 4; i++) await before.budget.take(1_350, never);
    await before.budget.ban(clock.now() + MINUTE_MS, "418");
    const health = createSeriesHealth({
      board: createFailingBoard({ kv }),
      now: clock.now,
      log: silent,
    });
    const series = { symbol: "BTCUSDT", interval: "1h" } as const;
    await health.note([series], new Map([["BTCUSDT 1h", new Error("no")]]));
    const holder = { id: "x", pid: 1, machine: "elsewhere", until: clock.now() + 15 * SECOND_MS };
    await kv.set(["lease", "collect"], holder);

    clock.set(TODAY);
    for (const { bans, budget } of [before, open()]) { // without and with a restart
      assert.equal(await bans.read(), undefined);
      assert.ok((await budget.read()).used <= 20);
      await budget.take(20, never);
    }
    assert.deepEqual((await health.sort([series])).due, [series]);
    assert.equal(
      await createLeases({ kv }, clock, silent).hold("collect", never, async () => {}),
      true,
    );
  });
}

Deno.test("a lease of a clock that is ahead is respected while its holder renews it", async () => {
  using kv = await Deno.openKv(":memory:");
  const clock = manualClock(TODAY);
  const renew = () =>
    kv.set(["lease", "collect"], { id: "x", pid: 1, machine: "elsewhere", until: TODAY + DAY_MS });
  await renew();
  const sleepy = {
    ...clock,
    async sleep(ms: number, signal: AbortSignal) {
      await clock.sleep(ms, signal);
      await renew();
    },
  };
  assert.equal(
    await createLeases({ kv }, sleepy, silent).hold("collect", never, async () => {}),
    false,
  );
});

Deno.test("implausible bans and slots in KV are ignored", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const value of ["x", 7, [["a", "b"]], [[TODAY, -5]], { until: "x" }, { until: 1e300 }]) {
    await kv.set(["exchange", "spend"], value);
    await kv.set(["exchange", "ban"], value);
    const clock = manualClock(TODAY);
    assert.equal(await createSpendBoard({ kv }).spent(TODAY), 0);
    assert.equal(await createBanBoard({ kv }, clock.now).read(), undefined);
  }
});
