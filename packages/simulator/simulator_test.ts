import assert from "node:assert/strict";
import { HOUR_MS, MINUTE_MS, toIso } from "../../lib/core/time.ts";
import { FIELD, type KlineRow } from "./market/kline_row.ts";
import { startSimulator } from "./simulator.ts";
import { aggregate } from "./testing/aggregation.ts";
import { at, NOW, until, withSimulator } from "./testing/client.ts";

Deno.test("startSimulator() serves everything on one port and says so in a header", async () => {
  await withSimulator({ seed: 7 }, async ({ get, simulator }) => {
    assert.equal(simulator.label, "seed 7");
    assert.match(simulator.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const paths = [
      "/api/v3/ping",
      "/api/v3/nothing",
      "/api/v3/coins/markets?vs_currency=usd",
      "/v1/cryptocurrency/listings/latest",
      "/data/spot/nothing",
      "/_simulator/",
      "/",
    ];
    for (const path of paths) {
      assert.equal((await get(path)).headers.get("x-wick-simulator"), "seed 7", path);
    }
    assert.equal((await get("/api/v3/time")).json.serverTime, NOW);
  });
});

Deno.test("startSimulator() runs on real time by default and is closed twice without harm", async () => {
  const simulator = await startSimulator();
  assert.ok(Math.abs(simulator.clock.now() - Date.now()) < 1_000);
  assert.equal(simulator.clock.isFrozen, false);
  await simulator.close();
  await simulator.close();
  await assert.rejects(fetch(simulator.url));
  await assert.rejects(simulator.up(), TypeError);
});

Deno.test("startSimulator() lists the symbols asked for, made up where it must, and no history from before since", async () => {
  const options = { symbols: ["ETHUSDT", "WICKUSDC"], since: at("2024-01-01T05:30:00Z") };
  await withSimulator(options, async ({ simulator, klines }) => {
    assert.deepEqual(
      simulator.symbols().map(({ symbol, base, quote, status }) => [symbol, base, quote, status]),
      [["ETHUSDT", "ETH", "USDT", "TRADING"], ["WICKUSDC", "WICK", "USDC", "TRADING"]],
    );
    for (const symbol of ["ETHUSDT", "WICKUSDC"]) {
      const [first, second] = await klines(`symbol=${symbol}&interval=1h&startTime=0&limit=2`);
      assert.equal(toIso(first![0]), "2024-01-01T05:00:00.000Z");
      assert.ok(second![8] > 0);
    }
    await withSimulator({ symbols: ["ETHUSDT"] }, (whole) => {
      const range = { from: at("2024-02-01"), to: at("2024-02-02") };
      assert.deepEqual(
        simulator.candles("ETHUSDT", "1h", range),
        whole.simulator.candles("ETHUSDT", "1h", range),
      );
      return Promise.resolve();
    });
  });
});

Deno.test("outages: false leaves no gap, and one's own outages stand in for the built-in ones", async () => {
  const range = { from: at("2021-08-01"), to: at("2021-09-01") };
  await withSimulator({ outages: false }, ({ simulator }) => {
    assert.equal(simulator.candles("BTCUSDT", "1h", range).length, 31 * 24);
    return Promise.resolve();
  });
  const outage = { from: at("2021-08-10T02:20:00Z"), to: at("2021-08-10T05:00:00Z") };
  await withSimulator({ outages: [outage] }, ({ simulator }) => {
    const rows = simulator.candles("BTCUSDT", "1h", range);
    assert.equal(rows.length, 31 * 24 - 2);
    return Promise.resolve();
  });
});

Deno.test("down() refuses connections, up() listens on the same port", async () => {
  await withSimulator({}, async ({ simulator, get }) => {
    const { url } = simulator;
    await get("/api/v3/ping");
    await simulator.down();
    await assert.rejects(get("/api/v3/ping"), /fetch failed/);
    await simulator.up();
    assert.equal(simulator.url, url);
    assert.equal((await get("/api/v3/ping")).status, 200);
    await simulator.down(400);
    await assert.rejects(get("/api/v3/ping"));
    await until(() => get("/api/v3/ping").then(({ status }) => status === 200, () => false));
  });
});

Deno.test("requests: each is written down with its times, status, weight and fault, up to a limit", async () => {
  await withSimulator({ logLimit: 3 }, async ({ simulator, get }) => {
    simulator.faults.add({ kind: "500", path: "exchangeInfo" });
    await get("/api/v3/ping");
    await get("/api/v3/exchangeInfo?symbol=BTCUSDT");
    await get("/_simulator/clock");
    const [, last] = simulator.requests.list();
    assert.deepEqual({ ...last, at: 0, ip: "" }, {
      id: 2,
      at: 0,
      simulatedAt: NOW,
      ip: "",
      method: "GET",
      path: "/api/v3/exchangeInfo",
      query: "symbol=BTCUSDT",
      status: 500,
      weight: 20,
      usedWeight: 21,
      violation: undefined,
      fault: "500",
    });
    for (let i = 0; i < 9; i++) await get("/api/v3/time");
    assert.deepEqual(simulator.requests.list().map(({ id }) => id), [9, 10, 11]);
    assert.equal(simulator.requests.list({ last: 1 })[0]!.id, 11);
    assert.equal(simulator.requests.list({ status: 500 }).length, 0);
    simulator.requests.clear();
    assert.equal(simulator.requests.total, 0);
  });
});

const HOUR = at("2024-05-14T05:00:00Z");

Deno.test("revise() changes one closed candle, or all intervals so that they agree", async () => {
  await withSimulator({}, async ({ simulator, klines }) => {
    const day = { from: at("2024-05-14"), to: at("2024-05-15") };
    const hours = () => simulator.candles("BTCUSDT", "1h", day);
    const days = () => simulator.candles("BTCUSDT", "1d", day);
    const [before, whole] = [hours()[5]!, days()[0]!];

    const alone = { volume: "1.00000000", numberOfTrades: 4 };
    simulator.revise({ symbol: "BTCUSDT", interval: "1h", openTime: HOUR, change: alone });
    const expected: KlineRow = [...before];
    expected[FIELD.volume] = "1.00000000";
    expected[FIELD.numberOfTrades] = 4;
    assert.deepEqual(hours()[5], expected);
    assert.deepEqual(
      (await klines(`symbol=BTCUSDT&interval=1h&startTime=${HOUR}&limit=1`))[0],
      expected,
    );
    assert.deepEqual(days()[0], whole);

    simulator.revise({
      symbol: "ETHUSDT",
      interval: "1h",
      openTime: HOUR,
      change: {
        volume: "999999.00000000",
        numberOfTrades: 77,
        high: "9000.00000000",
        close: "8000.00000000",
      },
      across: true,
    });
    for (
      const [long, short] of [["1h", "1m"], ["1h", "15m"], ["4h", "1h"], ["1d", "1h"]] as const
    ) {
      const [from, to] = long === "1d"
        ? [day.from, day.to]
        : [at("2024-05-14T04:00:00Z"), at("2024-05-14T08:00:00Z")];
      const wholes = simulator.candles("ETHUSDT", long, { from, to });
      const parts = simulator.candles("ETHUSDT", short, { from, to });
      for (const row of wholes) {
        const inside = parts.filter(([open]) => open >= row[0] && open <= row[6]);
        assert.deepEqual(aggregate([row]), aggregate(inside), `${long} of ${short}`);
      }
    }
    const revised = simulator.candles("ETHUSDT", "1h", { from: HOUR, to: HOUR + 1 })[0]!;
    assert.deepEqual([revised[2], revised[4], revised[5], revised[8]], [
      "9000.00000000",
      "8000.00000000",
      "999999.00000000",
      77,
    ]);
  });
});

Deno.test("revise() refuses candles that are not closed, and ranges that would narrow everywhere", async () => {
  await withSimulator({}, ({ simulator }) => {
    const revise = (openTime: number, change: object, across = false) => () =>
      simulator.revise({ symbol: "BTCUSDT", interval: "1h", openTime, change, across });
    assert.throws(revise(at("2024-05-15T10:00:00Z"), { volume: "1" }), RangeError);
    assert.throws(revise(HOUR + 1, { volume: "1" }), RangeError);
    assert.throws(revise(HOUR, { high: "1.0" }, true), RangeError);
    return Promise.resolve();
  });
});

Deno.test("hide() and unhide() punch gaps into one interval or all, and fill them again", async () => {
  await withSimulator({}, async ({ simulator, klines }) => {
    const range = { from: HOUR, to: HOUR + 3 * HOUR_MS };
    const count = async (interval: string) =>
      (await klines(
        `symbol=BTCUSDT&interval=${interval}&startTime=${range.from}&endTime=${range.to - 1}`,
      )).length;
    simulator.hide({ symbol: "BTCUSDT", interval: "1h", ...range });
    assert.deepEqual([await count("1h"), await count("15m")], [0, 12]);
    assert.deepEqual(
      await klines(`symbol=BTCUSDT&interval=1h&startTime=${range.from}&limit=1`).then((rows) =>
        rows[0]![0]
      ),
      range.to,
    );
    simulator.unhide({ symbol: "BTCUSDT", interval: "1h", from: HOUR, to: HOUR + HOUR_MS });
    assert.equal(await count("1h"), 1);
    simulator.hide({ symbol: "BTCUSDT", ...range });
    assert.deepEqual([await count("1h"), await count("15m")], [0, 0]);
    simulator.unhide({ symbol: "BTCUSDT", ...range });
    assert.deepEqual([await count("1h"), await count("15m")], [3, 12]);
    simulator.hide({ symbol: "BTCUSDT", from: NOW - HOUR_MS, to: NOW });
    assert.equal(
      (await klines("symbol=BTCUSDT&interval=1m&limit=1"))[0]![0],
      at("2024-05-15T09:20:00Z"),
    );
  });
});

Deno.test("addSymbol(), stopSymbol() and resumeSymbol() list, delist and list again", async () => {
  await withSimulator({}, async ({ simulator, klines, get }) => {
    simulator.addSymbol({ symbol: "LATEUSDT", listedAt: NOW - 90_000, price: 3 });
    const fresh = await klines("symbol=LATEUSDT&interval=1m");
    assert.deepEqual(fresh.map(([open]) => toIso(open).slice(11, 16)), ["10:19", "10:20"]);
    assert.throws(() => simulator.addSymbol({ symbol: "LATEUSDT" }), RangeError);

    const before = await klines("symbol=ETHUSDT&interval=1m&limit=5");
    simulator.stopSymbol("ETHUSDT");
    simulator.clock.advance(HOUR_MS);
    assert.deepEqual(await klines("symbol=ETHUSDT&interval=1m&limit=5"), before);
    assert.deepEqual(simulator.candles("ETHUSDT", "1m", { from: NOW - HOUR_MS }).slice(-5), before);
    assert.equal(simulator.symbols().find(({ symbol }) => symbol === "ETHUSDT")!.status, "BREAK");
    const ticker = await get("/api/v3/ticker/price?symbol=ETHUSDT&symbolStatus=BREAK");
    assert.equal(ticker.json.price, before.at(-1)![4]);
    simulator.resumeSymbol("ETHUSDT");
    const after = await klines("symbol=ETHUSDT&interval=1m&limit=1");
    assert.equal(after[0]![0], at("2024-05-15T11:20:00Z"));
  });
});

Deno.test("clock: set, advanced, frozen and released; candles follow in both directions", async () => {
  await withSimulator({}, async ({ simulator, klines }) => {
    const newest = async () => (await klines("symbol=BTCUSDT&interval=1m&limit=1"))[0]![0];
    simulator.clock.advance(5 * MINUTE_MS);
    assert.equal(toIso(await newest()), "2024-05-15T10:25:00.000Z");
    simulator.clock.set(at("2018-01-01T00:00:30Z"));
    assert.equal(toIso(await newest()), "2018-01-01T00:00:00.000Z");
    simulator.clock.resume();
    await new Promise((resolve) => setTimeout(resolve, 15));
    assert.ok(simulator.clock.now() > at("2018-01-01T00:00:30Z"));
    simulator.clock.freeze();
    const stopped = simulator.clock.now();
    await new Promise((resolve) => setTimeout(resolve, 15));
    assert.equal(simulator.clock.now(), stopped);
  });
});

Deno.test("startSimulator() keeps the memory for candles within its bound", async () => {
  await withSimulator({ cacheBytes: 2_000_000 }, async ({ simulator, klines }) => {
    for (const interval of ["1m", "5m", "1h", "4h", "1d"]) {
      for (const symbol of ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"]) {
        await klines(`symbol=${symbol}&interval=${interval}&limit=1000`);
      }
    }
    assert.ok(simulator.cachedBytes <= 2_000_000 && simulator.cachedBytes > 1_000_000);
  });
});
