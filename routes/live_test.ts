import assert from "node:assert/strict";
import { shiftOpen } from "../lib/core/interval.ts";
import { toRowText } from "../lib/core/text/kline_row_text.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/core/time.ts";
import { klinesFrom } from "../lib/testing/klines.ts";
import { type EventReader, manualLiveSource, movingAt, readEvents } from "../lib/testing/live.ts";
import { createPageApp } from "../lib/testing/page_app.ts";

const series = { symbol: "BTCUSDT", interval: "1h" } as const;
const path = "/api/live?symbol=BTCUSDT&interval=1h";
const hours = klinesFrom("2024-01-01", "1h", 30);
const source = manualLiveSource();
const app = await createPageApp({
  symbols: ["BTCUSDT", "ETHUSDT"],
  intervals: ["1h"],
  liveSource: source,
  now: shiftOpen(hours[24]!.openTime, "1h", 1) - MINUTE_MS,
});
await app.addKlines(series.symbol, series.interval, hours.slice(0, 20));
Deno.test.afterAll(() => app.close());

/** Ends a stream, and waits for its queries in progress. */
async function leave(reader: EventReader): Promise<void> {
  await reader.cancel();
  await app.liveSettled();
}

const open = (i: number) => String(hours[i]!.openTime);

async function events(headers: Record<string, string> = {}) {
  const response = await app.fetch(path, { headers });
  assert.equal(response.status, 200);
  return readEvents(response.body!);
}

Deno.test("GET /api/live is an event stream that proxies neither cache nor buffer", async () => {
  const response = await app.fetch(path);
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  assert.match(response.headers.get("cache-control")!, /no-store/);
  assert.match(response.headers.get("cache-control")!, /no-transform/);
  const reader = readEvents(response.body!);
  source.show(movingAt(hours[20]!, 3));
  const tick = await reader.next();
  assert.equal(tick!.event, "tick");
  assert.equal(tick!.id, undefined);
  assert.equal(tick!.data, toRowText(movingAt(hours[20]!, 3)));
  assert.equal(JSON.parse(tick!.data).length, 12);
  assert.match(reader.others[0]!, /^retry: \d+$/);
  await leave(reader);
});

Deno.test(
  "GET /api/live replays stored closes strictly after Last-Event-ID, digit for digit",
  async () => {
    const reader = await events({ "last-event-id": open(4) });
    for (let i = 5; i < 20; i++) {
      const close = await reader.next("close");
      assert.deepEqual(close, { event: "close", id: open(i), data: toRowText(hours[i]!) });
    }
    await leave(reader);
  },
);

Deno.test("GET /api/live replays at most a thousand closes, and links to the others", async () => {
  const closedTo = hours[19]!.openTime;
  const oldest = closedTo - 1_000 * HOUR_MS;
  const reader = await events({ "last-event-id": String(oldest) });
  assert.equal((await reader.next("close"))!.id, open(0));
  await leave(reader);
  for (const after of [oldest - 1, 1, 0]) {
    const response = await app.fetch(path, { headers: { "last-event-id": String(after) } });
    assert.equal(response.status, 410);
    const { error } = await response.json();
    assert.deepEqual([error.code, error.param], ["gone", "Last-Event-ID"]);
    const address = /\/export\?\S+(?=,)/.exec(error.message)![0];
    const rest = await app.fetch(`${address}&time=ms`);
    assert.equal(rest.status, 200);
    const [, first] = (await rest.text()).split("\n");
    assert.equal(first!.split(",")[0], open(0));
  }
});

Deno.test(
  "GET /api/live sends no close after a pending gap until it is filled",
  async () => {
    await app.addKlines(series.symbol, series.interval, hours.slice(22, 24));
    const reader = await events({ "last-event-id": open(18) });
    assert.equal((await reader.next("close"))!.id, open(19));
    await app.addKlines(series.symbol, series.interval, hours.slice(20, 22));
    source.show(hours[23]!, hours[24]!);
    for (const i of [20, 21, 22, 23]) assert.equal((await reader.next("close"))!.id, open(i));
    await leave(reader);
  },
);

Deno.test(
  "HEAD /api/live has the headers and starts no stream; invalid requests are rejected",
  async () => {
    const head = await app.fetch(path, { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get("content-type"), "text/event-stream");
    assert.equal(await head.text(), "");
    const cases: [string, Record<string, string>, number, string][] = [
      ["/api/live?symbol=BTCUSDT", {}, 400, "interval"],
      [`${path}&x=1`, {}, 400, "x"],
      ["/api/live?symbol=NOPEUSDT&interval=1h", {}, 404, "symbol"],
      [path, { "last-event-id": "abc" }, 400, "Last-Event-ID"],
      [path, { "last-event-id": "-5" }, 400, "Last-Event-ID"],
    ];
    for (const [address, headers, status, param] of cases) {
      const response = await app.fetch(address, { headers });
      assert.equal(response.status, status, address);
      assert.equal((await response.json()).error.param, param, address);
    }
    const nothing = await app.fetch("/api/live?symbol=ETHUSDT&interval=1h");
    assert.equal(nothing.status, 503);
    await nothing.body?.cancel();
  },
);

Deno.test("viewers are counted by series on /status and /api/series until they disconnect", async () => {
  const viewersOf = async () => {
    const { series } = await (await app.fetch("/api/series")).json();
    return series.map(({ viewers }: { viewers: number }) => viewers);
  };
  const text = async () => (await (await app.fetch("/status")).text()).replaceAll(/<[^>]+>/g, " ");
  assert.deepEqual(await viewersOf(), [0]);
  assert.match(await text(), /Live viewers\s+none on this instance/);
  const readers = [await events(), await events()];
  assert.deepEqual(await viewersOf(), [2]);
  assert.match(await text(), /Live viewers\s+2 on this instance\s+BTCUSDT 1h\s+2/);
  for (const reader of readers) await leave(reader);
  assert.deepEqual(await viewersOf(), [0]);
});
