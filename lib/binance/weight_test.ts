import assert from "node:assert/strict";
import { MINUTE_MS, parseTime, SECOND_MS } from "../core/time.ts";
import { createBanBoard } from "../store/kv/ban_kv.ts";
import { createSpendBoard } from "../store/kv/spend_kv.ts";
import { manualClock } from "../testing/clock.ts";
import { createRequestBudget } from "./weight.ts";

const start = parseTime("2024-01-01T00:00:10Z");
const forever = new AbortController().signal;

function budgetAt(time = start, maxWaitMs = 90 * SECOND_MS) {
  const clock = manualClock(time);
  const bans = createBanBoard({ error: "none here" }, clock.now);
  const spends = createSpendBoard({ error: "none here" });
  const budget = createRequestBudget({ clock, bans, spends, maxWaitMs });
  return { clock, bans, spends, budget };
}

const used = (weight: number) => new Headers({ "X-MBX-USED-WEIGHT-1M": String(weight) });

Deno.test("take() never lets any 60 seconds hold more than nine tenths of the limit", async () => {
  const { clock, budget } = budgetAt(start, Infinity);
  budget.setLimit(600);
  const sent: { at: number; weight: number }[] = [];
  for (let i = 0; i < 2_000; i++) {
    const weight = i % 50 === 0 ? 20 : 2;
    await budget.take(weight, forever);
    sent.push({ at: clock.now(), weight });
    clock.set(clock.now() + (i % 7) * 3);
  }
  for (const { at } of sent) {
    const window = sent.filter((one) => one.at > at - MINUTE_MS && one.at <= at);
    const weight = window.reduce((sum, one) => sum + one.weight, 0);
    assert.ok(weight <= 540, `${weight} in the minute before ${at}`);
  }
  const total = sent.reduce((sum, one) => sum + one.weight, 0);
  const minutes = (clock.now() - start) / MINUTE_MS;
  assert.ok(total / minutes > 400, `only ${total / minutes} a minute`);
});

Deno.test("take() of two processes respects one shared limit", async () => {
  const kv = await Deno.openKv(":memory:");
  const clock = manualClock(start);
  const two = [0, 1].map(() =>
    createRequestBudget({
      clock,
      bans: createBanBoard({ kv }, clock.now),
      spends: createSpendBoard({ kv }),
      maxWaitMs: 0,
    })
  );
  let sent = 0;
  for (const budget of two) {
    budget.setLimit(200);
    await assert.rejects(async () => {
      while (true) {
        await budget.take(2, forever);
        sent += 2;
      }
    }, { code: "rate_limited" });
  }
  assert.equal(sent, 180);
  kv.close();
});

Deno.test("take() counts the weight that other programs on the address have used, from the header", async () => {
  const { clock, budget } = budgetAt();
  await budget.take(2, forever);
  budget.observe(used(5_399));
  await budget.take(2, forever);
  assert.equal(clock.now(), parseTime("2024-01-01T00:01:02Z"));
  assert.deepEqual(budget.used(), { weight: 0, limit: 6_000 });
});

Deno.test("observe() keeps the highest count of a minute: responses may arrive out of order", () => {
  const { budget } = budgetAt();
  budget.observe(used(4_000));
  budget.observe(used(3_998));
  budget.observe(new Headers());
  assert.equal(budget.used().weight, 4_000);
});

Deno.test("take() waits for the end of a short ban and fails for a long one", async () => {
  const { clock, budget } = budgetAt();
  await budget.ban(start + 30 * SECOND_MS, "429");
  await budget.take(2, forever);
  assert.equal(clock.now(), start + 30 * SECOND_MS);

  await budget.ban(clock.now() + 3 * MINUTE_MS, "418");
  await assert.rejects(() => budget.take(2, forever), (error: Record<string, unknown>) => {
    assert.equal(error["code"], "rate_limited");
    assert.equal(error["retryAfterMs"], 3 * MINUTE_MS);
    assert.match(String(error["message"]), /until 2024-01-01T00:03:40.000Z/);
    return true;
  });
});

Deno.test("ban() never shortens a ban", async () => {
  const { bans, budget } = budgetAt();
  await budget.ban(start + 10 * MINUTE_MS, "418");
  await budget.ban(start + MINUTE_MS, "429");
  assert.equal((await bans.read())?.until, start + 10 * MINUTE_MS);
});

Deno.test("take() ends when its signal aborts", async () => {
  const { budget } = budgetAt();
  await assert.rejects(() => budget.take(2, AbortSignal.abort(new Error("stop"))), /stop/);
});

Deno.test("take() of background requests leaves a part of the minute to the others", async () => {
  const { budget } = budgetAt(start, 0);
  budget.setLimit(400);
  let background = 0;
  await assert.rejects(async () => {
    while (true) {
      await budget.take(2, forever, true);
      background += 2;
    }
  }, { code: "rate_limited" });
  let others = 0;
  await assert.rejects(async () => {
    while (true) {
      await budget.take(2, forever);
      others += 2;
    }
  }, { code: "rate_limited" });
  assert.deepEqual([background, others], [300, 60]);
  assert.equal((await budget.read()).used, 360);
});

Deno.test("take() notices a ban recorded while it waits", async () => {
  const { clock, bans, spends } = budgetAt();
  const ban = { until: start + 10 * MINUTE_MS, reason: "418" };
  const slow = {
    ...spends,
    async reserve(...args: Parameters<typeof spends.reserve>) {
      await bans.write(ban); // another instance has just recorded it
      return await spends.reserve(...args);
    },
  };
  const budget = createRequestBudget({ clock, bans, spends: slow, maxWaitMs: 0 });
  await assert.rejects(() => budget.take(2, forever), { code: "rate_limited" });
  assert.deepEqual((await budget.read()).ban, ban);
});

Deno.test("observe() ignores a used weight above any possible limit", async () => {
  const { budget } = budgetAt(start, 0);
  for (const weight of [1e12, 9e99, -1]) budget.observe(used(weight));
  await budget.take(2, forever);
  assert.equal(budget.used().weight, 0);
});

Deno.test("take() of many concurrent requests reserves for all of them at once", async () => {
  const { clock, bans, spends } = budgetAt();
  let reserved = 0;
  const budget = createRequestBudget({
    clock,
    bans,
    maxWaitMs: 0,
    spends: {
      ...spends,
      reserve: (...asked) => {
        reserved += asked[0];
        return spends.reserve(...asked);
      },
    },
  });
  await Promise.all(Array.from({ length: 300 }, () => budget.take(2, forever)));
  assert.equal(reserved, 600);
});
