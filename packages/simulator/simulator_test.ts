import assert from "node:assert/strict";
import { HOUR_MS, MINUTE_MS, toIso } from "../../lib/core/time.ts";
import { FIELD, type KlineRow } from "./market/kline_row.ts";
import { startSimulator } from "./simulator.ts";
import { at, NOW, until, withSimulator } from "./testing/client.ts";

Deno.test("startSimulator() serves everything on one port and names itself in a header", async () => {
  await withSimulator({}, async ({ get, simulator }) => {
    assert.equal(simulator.label, "seed 42");
    assert.match(simulator.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const paths = [
      "/api/v3/ping",
      "/api/v3/nothing",
      "/api/v3/coins/markets?vs_currency=usd",
      "/v1/cryptocurrency/listings/latest",
      "/data/spot/nothing",
      "/_simulator/clock",
      "/",
    ];
    for (const path of paths) {
      assert.equal((await get(path)).headers.get("x-wick-simulator"), "seed 42", path);
    }
    assert.equal((await get("/api/v3/time")).json.serverTime, NOW);
  });
});

Deno.test("startSimulator() uses real time by default and can be closed twice", async () => {
  const simulator = await startSimulator();
  assert.ok(Math.abs(simulator.clock.now() - Date.now()) < 1_000);
  await simulator.close();
  await simulator.close();
  await assert.rejects(fetch(simulator.url));
  await assert.rejects(simulator.up(), TypeError);
});

Deno.test("startSimulator() lists the given symbols, invents unknown ones, and has no history before since", async () => {
  const options = { symbols: ["ETHUSDT", "WICKUSDC"], since: at("2024-01-01T05:30:00Z") };
  await withSimulator(options, async ({ simulator, klines, get }) => {
    const { symbols } = (await get("/api/v3/exchangeInfo")).json;
    assert.deepEqual(
      symbols.map((one: { baseAsset: string; quoteAsset: string }) => [
        one.baseAsset,
        one.quoteAsset,
      ]),
      [["ETH", "USDT"], ["WICK", "USDC"]],
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

Deno.test("outages: false leaves no gap", async () => {
  const range = { from: at("2021-08-01"), to: at("2021-09-01") };
  await withSimulator({ outages: false }, ({ simulator }) => {
    assert.equal(simulator.candles("BTCUSDT", "1h", range).length, 31 * 24);
    return Promise.resolve();
  });
});

Deno.test("down() rejects connections, up() listens on the same port", async () => {
  await withSimulator({}, async ({ simulator, get }) => {
    const { url } = simulator;
    await get("/api/v3/ping");
    await simulator.down();
    await assert.rejects(get("/api/v3/ping"), /fetch failed/);
    await simulator.up();
    assert.equal(simulator.url, url);
    assert.equal((await get("/api/v3/ping")).status, 200);
  });
});

Deno.test("requests: each is logged with its times, status, weight and fault", async () => {
  await withSimulator({}, async ({ simulator, get }) => {
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
    assert.deepEqual(simulator.requests.list({ last: 1 }), [last]);
    assert.deepEqual(simulator.requests.list({ status: 500 }), [last]);
    simulator.requests.clear();
    assert.equal(simulator.requests.total, 0);
  });
});

const HOUR = at("2024-05-14T05:00:00Z");

Deno.test("revise() changes one closed candle in one interval", async () => {
  await withSimulator({}, async ({ simulator, klines }) => {
    const day = { from: at("2024-05-14"), to: at("2024-05-15") };
    const hours = () => simulator.candles("BTCUSDT", "1h", day);
    const days = () => simulator.candles("BTCUSDT", "1d", day);
    const [before, whole] = [hours()[5]!, days()[0]!];

    const change = { volume: "1.00000000", numberOfTrades: 4, close: "99999.00000000" };
    simulator.revise({ symbol: "BTCUSDT", interval: "1h", openTime: HOUR, change });
    const expected: KlineRow = [...before];
    expected[FIELD.volume] = "1.00000000";
    expected[FIELD.numberOfTrades] = 4;
    expected[FIELD.close] = "99999.00000000";
    expected[FIELD.high] = "99999.00000000";
    assert.deepEqual(hours()[5], expected);
    assert.deepEqual(
      (await klines(`symbol=BTCUSDT&interval=1h&startTime=${HOUR}&limit=1`))[0],
      expected,
    );
    assert.deepEqual(days()[0], whole);
  });
});

Deno.test("revise() refuses candles that are not closed", async () => {
  await withSimulator({}, ({ simulator }) => {
    const revise = (openTime: number) => () =>
      simulator.revise({ symbol: "BTCUSDT", interval: "1h", openTime, change: { volume: "1" } });
    assert.throws(revise(at("2024-05-15T10:00:00Z")), RangeError);
    assert.throws(revise(HOUR + 1), RangeError);
    return Promise.resolve();
  });
});

Deno.test("hide() makes gaps in one interval or all, unhide() fills them again", async () => {
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

Deno.test("stopSymbol() delists, resumeSymbol() undoes it", async () => {
  await withSimulator({}, async ({ simulator, klines, get }) => {
    const before = await klines("symbol=ETHUSDT&interval=1m&limit=5");
    simulator.stopSymbol("ETHUSDT");
    simulator.clock.advance(HOUR_MS);
    assert.deepEqual(await klines("symbol=ETHUSDT&interval=1m&limit=5"), before);
    assert.deepEqual(simulator.candles("ETHUSDT", "1m", { from: NOW - HOUR_MS }).slice(-5), before);
    const ticker = await get("/api/v3/ticker/price?symbol=ETHUSDT&symbolStatus=BREAK");
    assert.equal(ticker.json.price, before.at(-1)![4]);
    simulator.resumeSymbol("ETHUSDT");
    const after = await klines("symbol=ETHUSDT&interval=1m&limit=1");
    assert.equal(after[0]![0], at("2024-05-15T11:20:00Z"));
  });
});

Deno.test("clock: candles follow it in both directions", async () => {
  await withSimulator({}, async ({ simulator, klines }) => {
    const newest = async () => (await klines("symbol=BTCUSDT&interval=1m&limit=1"))[0]![0];
    simulator.clock.advance(5 * MINUTE_MS);
    assert.equal(toIso(await newest()), "2024-05-15T10:25:00.000Z");
    simulator.clock.set(at("2018-01-01T00:00:30Z"));
    assert.equal(toIso(await newest()), "2018-01-01T00:00:00.000Z");
    assert.equal(simulator.clock.now(), at("2018-01-01T00:00:30Z"), "frozen");
  });
  await withSimulator({ frozen: false }, async ({ simulator }) => {
    simulator.clock.set(at("2018-01-01T00:00:30Z"));
    await until(() => simulator.clock.now() > at("2018-01-01T00:00:30Z"));
  });
});
