import assert from "node:assert/strict";
import { DAY_MS, MINUTE_MS } from "../../../lib/core/time.ts";
import { withSimulator } from "../testing/client.ts";
import { BAN_AFTER, WeightMeter } from "./weight_meter.ts";

Deno.test("WeightMeter counts per IP in fixed minutes", () => {
  let now = 10 * MINUTE_MS + 59_000;
  const meter = new WeightMeter({ limit: 10, now: () => now });
  assert.equal(meter.charge("a", 4).used, 4);
  assert.equal(meter.charge("a", 4).used, 8);
  assert.equal(meter.charge("b", 1).used, 1);
  now += 1_000;
  assert.equal(meter.charge("a", 4).used, 4);
});

Deno.test("WeightMeter says when to retry, and bans clients that do not wait, each time for longer", () => {
  let now = 10 * MINUTE_MS;
  const meter = new WeightMeter({ limit: 10, now: () => now });
  const charge = () => meter.charge("a", 10);
  assert.equal(charge().verdict, "ok");
  const first = charge();
  assert.deepEqual([first.verdict, first.until, first.violation], [
    "limited",
    11 * MINUTE_MS,
    undefined,
  ]);
  for (let i = 0; i < BAN_AFTER; i++) {
    const { violation, verdict } = charge();
    assert.deepEqual([violation, verdict], ["retry-after", "limited"]);
  }
  const banned = charge();
  assert.deepEqual([banned.verdict, banned.until], ["banned", now + 2 * MINUTE_MS]);
  now += 2 * MINUTE_MS - 1;
  assert.equal(charge().violation, "ban");
  now += 1;
  assert.equal(charge().verdict, "ok");

  const lengths: number[] = [];
  for (let i = 0; i < 8; i++) {
    let last = charge();
    while (last.verdict !== "banned") last = charge();
    lengths.push(last.until - now);
    now = last.until;
  }
  assert.deepEqual(lengths.slice(0, 3), [8, 32, 128].map((minutes) => minutes * MINUTE_MS));
  assert.equal(lengths.at(-1), 3 * DAY_MS);
});

Deno.test("WeightMeter.ban() becomes longer for clients that keep sending requests", () => {
  const meter = new WeightMeter({ limit: 10, now: () => 0 });
  meter.ban("a", 1_000);
  const ends = Array.from({ length: BAN_AFTER + 1 }, () => meter.charge("a", 1).until);
  assert.deepEqual(ends.slice(-2), [1_000, 2 * MINUTE_MS]);
});

Deno.test("exchange charges the documented weights, also for errors, and reports them", async () => {
  const paths: [string, number][] = [
    ["/api/v3/ping", 1],
    ["/api/v3/time", 1],
    ["/api/v3/exchangeInfo", 20],
    ["/api/v3/exchangeInfo?symbol=BTCUSDT", 20],
    ["/api/v3/klines?symbol=BTCUSDT&interval=1d&limit=1", 2],
    ["/api/v3/klines?symbol=BOGUS&interval=1d", 2],
    ["/api/v3/ticker/price?symbol=BTCUSDT", 2],
    ["/api/v3/ticker/price", 4],
    ["/api/v3/ticker/24hr?symbol=BTCUSDT", 2],
    ["/api/v3/ticker/24hr?symbols=[%22BTCUSDT%22,%22ETHUSDT%22]", 2],
    ["/api/v3/ticker/24hr", 80],
    ["/api/v3/avgPrice?symbol=BTCUSDT", 2],
  ];
  await withSimulator({ weightClock: "simulated" }, async ({ get, simulator }) => {
    let used = 0;
    for (const [path, weight] of paths) {
      used += weight;
      const { headers } = await get(path);
      assert.equal(headers.get("x-mbx-used-weight"), String(used), path);
      assert.equal(headers.get("x-mbx-used-weight-1m"), String(used), path);
    }
    simulator.clock.advance(MINUTE_MS);
    assert.equal((await get("/api/v3/ping")).headers.get("x-mbx-used-weight"), "1");
  });
});

Deno.test("exchange answers 429 over the limit, then 418, and logs the violations", async () => {
  const options = { weightLimit: 4, weightClock: "simulated" } as const;
  await withSimulator(options, async ({ get, simulator }) => {
    const ask = () => get("/api/v3/klines?symbol=BTCUSDT&interval=1d&limit=1");
    assert.deepEqual([(await ask()).status, (await ask()).status], [200, 200]);
    const limited = await ask();
    assert.equal(limited.status, 429);
    assert.equal(limited.headers.get("retry-after"), "30");
    assert.equal(limited.json.code, -1003);
    assert.match(limited.json.msg, /current limit is 4 request weight per 1 MINUTE/);
    for (let i = 0; i < BAN_AFTER; i++) assert.equal((await ask()).status, 429);
    const banned = await ask();
    assert.equal(banned.status, 418);
    assert.equal(banned.headers.get("retry-after"), "120");
    const until = simulator.clock.now() + 2 * MINUTE_MS;
    assert.match(banned.json.msg, new RegExp(`IP banned until ${until}\\.`));
    assert.equal((await ask()).status, 418);
    const seen = simulator.requests.list({ violations: true });
    assert.deepEqual(seen.slice(-2).map(({ violation }) => violation), ["retry-after", "ban"]);
    simulator.clock.advance(2 * MINUTE_MS);
    assert.equal((await ask()).status, 200);
  });
});
