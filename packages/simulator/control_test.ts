import assert from "node:assert/strict";
import { at, NOW, until, withSimulator } from "./testing/client.ts";

Deno.test("control: the clock, faults, chaos and the log can be worked over HTTP", async () => {
  await withSimulator({}, async ({ get, post, simulator }) => {
    const clock =
      (await post("/_simulator/clock", { set: "2024-06-01T00:00:00Z", advanceMs: 500 })).json;
    assert.deepEqual(clock, {
      now: at("2024-06-01") + 500,
      iso: "2024-06-01T00:00:00.500Z",
      frozen: true,
    });
    await post("/_simulator/clock", { frozen: false });
    assert.equal(simulator.clock.isFrozen, false);

    const { id } =
      (await post("/_simulator/faults", { kind: "503", count: 1, path: "klines" })).json;
    assert.equal((await get("/api/v3/klines?symbol=BTCUSDT&interval=1h")).status, 503);
    assert.equal((await get("/_simulator/faults")).json[0].struck, 1);
    assert.deepEqual((await get(`/_simulator/faults?id=${id}`, { method: "DELETE" })).json, []);
    await post("/_simulator/chaos", { rates: { "500": 1 } });
    assert.equal((await get("/api/v3/ping")).status, 500);
    await get("/_simulator/chaos", { method: "DELETE" });
    assert.equal((await get("/api/v3/ping")).status, 200);

    const logged = (await get("/_simulator/requests?status=500")).json;
    assert.deepEqual(logged.map((one: { path: string }) => one.path), ["/api/v3/ping"]);
    await get("/_simulator/requests", { method: "DELETE" });
    const state = (await get("/_simulator")).json;
    assert.equal(state.requests, 0);
    assert.equal(state.label, "seed 42");
  });
});

Deno.test("control: candles, revisions, gaps and symbols can be worked over HTTP", async () => {
  await withSimulator({}, async ({ get, post, simulator }) => {
    const range = "from=2024-05-14T05:00:00Z&to=2024-05-14T08:00:00Z";
    const candles = async () =>
      (await get(`/_simulator/candles?symbol=BTCUSDT&interval=1h&${range}`)).json;
    const whole = await candles();
    assert.deepEqual(
      whole,
      simulator.candles("BTCUSDT", "1h", {
        from: at("2024-05-14T05:00:00Z"),
        to: at("2024-05-14T08:00:00Z"),
      }),
    );
    assert.equal(whole.length, 3);
    const open = "2024-05-14T06:00:00Z";
    await post("/_simulator/revise", {
      symbol: "BTCUSDT",
      interval: "1h",
      openTime: open,
      change: { close: "1.5" },
    });
    assert.equal((await candles())[1][4], "1.5");
    const gap = { symbol: "BTCUSDT", from: open, to: at("2024-05-14T07:00:00Z") };
    await post("/_simulator/hide", gap);
    assert.equal((await candles()).length, 2);
    await post("/_simulator/unhide", gap);
    assert.equal((await candles()).length, 3);
    await post("/_simulator/symbols", { symbol: "NEWUSDT", listedAt: NOW - 1000 });
    await post("/_simulator/stop", { symbol: "ETHUSDT", status: "HALT" });
    const status = async (symbol: string) =>
      (await get("/_simulator/symbols")).json.find((one: { symbol: string }) =>
        one.symbol === symbol
      )?.status;
    assert.equal(await status("NEWUSDT"), "TRADING");
    assert.equal(await status("ETHUSDT"), "HALT");
    await post("/_simulator/resume", { symbol: "ETHUSDT" });
    assert.equal(await status("ETHUSDT"), "TRADING");
  });
});

Deno.test("control: down comes up again by itself", async () => {
  await withSimulator({}, async ({ get, post }) => {
    const answers = () => get("/api/v3/ping").then(() => true, () => false);
    assert.equal((await post("/_simulator/down", { forMs: 400 })).status, 200);
    await until(async () => !await answers());
    await until(answers);
  });
});

Deno.test("control: what is wrong with a call is said, and nothing is done", async () => {
  await withSimulator({}, async ({ get, post, simulator }) => {
    const cases: [string, unknown, RegExp][] = [
      ["faults", { kind: "404" }, /is no fault/],
      ["faults", { kind: "500", tims: 1 }, /tims/],
      ["chaos", { rates: { "404": 0.1 } }, /no fault/],
      ["clock", { set: "tomorrow" }, /ISO 8601/],
      ["hide", { symbol: "NONE", from: 0, to: NOW }, /NONE/],
      ["revise", { symbol: "BTCUSDT", interval: "1h", openTime: NOW, change: {} }, /has none at/],
    ];
    for (const [route, body, message] of cases) {
      const reply = await post(`/_simulator/${route}`, body);
      assert.equal(reply.status, 400, route);
      assert.match(reply.json.error, message, route);
    }
    const broken = await get("/_simulator/faults", { method: "POST", body: "{" });
    assert.equal(broken.status, 400);
    assert.equal((await get("/_simulator/nothing")).status, 404);
    assert.deepEqual(simulator.faults.list(), []);
  });
});
