import assert from "node:assert/strict";
import { at, NOW, withSimulator } from "./testing/client.ts";

Deno.test("control: the clock, faults, chaos and the log over HTTP", async () => {
  await withSimulator({}, async ({ get, post }) => {
    const clock =
      (await post("/_simulator/clock", { set: "2024-06-01T00:00:00Z", advanceMs: 500 })).json;
    assert.deepEqual(clock, { now: at("2024-06-01") + 500 });
    assert.deepEqual((await get("/_simulator/clock")).json, clock);

    await post("/_simulator/faults", { kind: "503", path: "klines" });
    assert.equal((await get("/api/v3/klines?symbol=BTCUSDT&interval=1h")).status, 503);
    assert.equal((await get("/_simulator/faults", { method: "DELETE" })).json, null);
    assert.equal((await get("/api/v3/klines?symbol=BTCUSDT&interval=1h")).status, 200);
    await post("/_simulator/chaos", { rates: { "500": 1 } });
    assert.equal((await get("/api/v3/ping")).status, 500);
    await get("/_simulator/chaos", { method: "DELETE" });
    assert.equal((await get("/api/v3/ping")).status, 200);

    const logged = async () => (await get("/_simulator/requests?status=500")).json;
    assert.deepEqual((await logged()).map((one: { path: string }) => one.path), ["/api/v3/ping"]);
    await get("/_simulator/requests", { method: "DELETE" });
    assert.deepEqual(await logged(), []);
  });
});

Deno.test("control: candles and gaps over HTTP", async () => {
  await withSimulator({}, async ({ get, post, simulator }) => {
    const range = { from: at("2024-05-14T05:00:00Z"), to: at("2024-05-14T08:00:00Z") };
    const candles = async () =>
      (await get(
        `/_simulator/candles?symbol=BTCUSDT&interval=1h&from=${range.from}&to=${range.to}`,
      )).json;
    assert.deepEqual(await candles(), simulator.candles("BTCUSDT", "1h", range));
    assert.equal((await candles()).length, 3);
    const gap = { symbol: "BTCUSDT", from: "2024-05-14T06:00:00Z", to: "2024-05-14T07:00:00Z" };
    await post("/_simulator/hide", gap);
    assert.equal((await candles()).length, 2);
  });
});

Deno.test("control: a mistake in a request is named, and changes nothing", async () => {
  await withSimulator({}, async ({ get, post }) => {
    const cases: [string, unknown, RegExp][] = [
      ["faults", { kind: "404" }, /is no fault/],
      ["faults", { kind: "500", tims: 1 }, /tims/],
      ["chaos", { rates: { "404": 0.1 } }, /no fault/],
      ["clock", { set: "tomorrow" }, /ISO 8601/],
      ["hide", { symbol: "NONE", from: 0, to: NOW }, /NONE/],
    ];
    for (const [route, body, message] of cases) {
      const reply = await post(`/_simulator/${route}`, body);
      assert.equal(reply.status, 400, route);
      assert.match(reply.json.error, message, route);
    }
    const broken = await get("/_simulator/faults", { method: "POST", body: "{" });
    assert.equal(broken.status, 400);
    assert.equal((await get("/_simulator/nothing")).status, 404);
    assert.equal((await get("/api/v3/ping")).status, 200);
  });
});
