import assert from "node:assert/strict";
import { createLimits } from "../lib/http/limits.ts";
import type { TelemetryEvent } from "../lib/ports/telemetry.ts";
import { klinesFrom } from "../lib/testing/klines.ts";
import { createPageApp } from "../lib/testing/page_app.ts";

const refusals: TelemetryEvent[] = [];
const hours = klinesFrom("2024-01-01", "1h", 2_000);
const app = await createPageApp({
  symbols: ["BTCUSDT"],
  intervals: ["1h"],
  now: hours.at(-1)!.openTime + 3_600_000,
  limits: createLimits({
    settings: { streams: 2, exports: 1, requests: 1 },
    exportPlaces: 2,
    telemetry: { record: (event) => void refusals.push(event) },
  }),
});
await app.addKlines("BTCUSDT", "1h", hours);
Deno.test.afterAll(() => app.close());

const live = "/api/live?symbol=BTCUSDT&interval=1h";
const file = "/export?symbol=BTCUSDT&interval=1h";
const client = (hostname: string): Deno.ServeHandlerInfo => ({
  remoteAddr: { transport: "tcp", hostname, port: 1 },
  completed: Promise.resolve(),
});
const ask = (path: string, from: string, init?: RequestInit) =>
  app.handler(new Request(`http://wick.test${path}`, init), client(from));

/** Checks the usual error body of a rejection, with a retry time. */
async function assertRefused(response: Response): Promise<void> {
  assert.equal(response.status, 429);
  assert.equal(response.headers.get("retry-after"), "5");
  assert.equal(response.headers.get("cache-control"), "no-store");
  const { error } = await response.json();
  assert.equal(error.code, "too_many");
  assert.match(error.message, /^Cannot .* now: this client has reached its limit of \d /);
}

Deno.test("a client may have LIMIT_STREAMS event streams at once, whatever the end of its IPv6 address", async () => {
  const open = [await ask(live, "2001:db8::1"), await ask(live, "2001:db8::2")];
  await assertRefused(await ask(live, "2001:db8::3"));
  const other = await ask(live, "2001:db8:0:1::1");
  assert.equal(other.status, 200);
  assert.deepEqual(refusals.splice(0), [{ kind: "refusal", limit: "streams", reason: "client" }]);
  await open[0]!.body!.cancel();
  const next = await ask(live, "2001:db8::3");
  assert.equal(next.status, 200);
  for (const one of [open[1]!, other, next]) await one.body!.cancel();
});

Deno.test("a stream that is rejected for another reason occupies no place", async () => {
  for (let i = 0; i < 5; i++) {
    assert.equal((await ask(`${live}&x=1`, "10.0.0.1")).status, 400);
    const old = { headers: { "last-event-id": "1" } };
    assert.equal((await ask(live, "10.0.0.1", old)).status, 410);
  }
  const open = [await ask(live, "10.0.0.1"), await ask(live, "10.0.0.1")];
  for (const one of open) {
    assert.equal(one.status, 200);
    await one.body!.cancel();
  }
});

Deno.test("a client at LIMIT_EXPORTS is rejected, and does not block exports of other clients", async () => {
  const held = await ask(file, "10.0.0.1");
  assert.equal(held.status, 200);
  await assertRefused(await ask(file, "10.0.0.1"));
  const other = await ask(file, "10.0.0.2");
  assert.equal(other.status, 200);
  assert.equal((await other.text()).split("\n").length, hours.length + 2);
  await held.body!.cancel();
  const again = await ask(`${file}&archive=zip`, "10.0.0.1");
  assert.equal(again.status, 200);
  await again.bytes();
});

Deno.test("places are released after HEAD, 304, 400, 416, a checksum and a partial response", async () => {
  const from = "10.0.0.3";
  const closed = `${file}&from=2024-01-01&to=2024-01-03`;
  for (let i = 0; i < 3; i++) {
    assert.equal((await ask(closed, from, { method: "HEAD" })).status, 200);
    assert.equal((await ask(file, from, { headers: { "if-none-match": "*" } })).status, 304);
    assert.equal((await ask(`${file}&after=x`, from)).status, 400);
    const part = await ask(closed, from, { headers: { range: "bytes=0-9" } });
    assert.equal(part.status, 206);
    await part.text();
    const beyond = await ask(closed, from, { headers: { range: "bytes=99999999-" } });
    assert.equal(beyond.status, 416);
    await beyond.body?.cancel();
    assert.match(await (await ask(`${file}&checksum=1`, from)).text(), /^[0-9a-f]{64} {2}BTC/);
  }
});

Deno.test("expensive requests of one client are limited, with the error format of each API", async () => {
  const from = "10.0.0.4";
  const paths = ["/status?symbol=BTCUSDT", "/api/series", "/api/gaps?symbol=BTCUSDT&interval=1h"];
  const answers = await Promise.all([
    ...paths.map((path) => ask(path, from)),
    ask("/api/v3/ticker/24hr", from),
    ask("/api/candles?symbol=BTCUSDT&interval=1h", from),
    ask("/healthz", from),
    ask("/status", "10.0.0.5"),
  ]);
  assert.deepEqual(answers.map(({ status }) => status), [200, 429, 429, 429, 200, 200, 200]);
  await assertRefused(answers[1]!);
  assert.equal(answers[3]!.headers.get("retry-after"), "5");
  assert.equal((await answers[3]!.json()).code, -1003);
  for (const path of paths) assert.equal((await ask(path, from)).status, 200);
});
