import assert from "node:assert/strict";
import { systemClock } from "../clock.ts";
import { waitFor } from "../testing/server_process.ts";
import type { Logger } from "../ports/host.ts";
import { type Simulator, startSimulator } from "../../packages/simulator/simulator.ts";
import { testExchange } from "../testing/collector.ts";
import { silent } from "../testing/database/postgres.ts";
import { describeNetworkFailure } from "../outbound/reach.ts";

const signal = new AbortController().signal;
const klines = (symbol: string) => ({
  path: "/api/v3/klines",
  weight: 2,
  query: { symbol, interval: "1h", limit: 1 },
});

async function twoHosts() {
  const [first, second] = [await startSimulator(), await startSimulator()];
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + aheadMs };
  return {
    first,
    second,
    /** Time after which a probe's result expires. */
    pass: () => aheadMs += 6_000,
    exchange: testExchange([first.url, second.url], { timeoutMs: 300, clock }),
    async [Symbol.asyncDispose]() {
      await first.close();
      await second.close();
    },
  };
}

const countOf = (simulator: Simulator, path: string) => simulator.requests.list({ path }).length;

Deno.test("a symbol that fails at a host does not affect others there; a failing host is avoided", async () => {
  for (const kind of ["500", "503", "reset", "no-answer", "-1007"] as const) {
    await using here = await twoHosts();
    here.first.faults.add({ kind, path: "klines", symbol: "BTCUSDT" });
    assert.equal((await here.exchange.http(klines("BTCUSDT"), signal)).host, here.second.url);
    assert.equal((await here.exchange.http(klines("ETHUSDT"), signal)).host, here.first.url, kind);
    here.first.faults.add({ kind });
    here.pass();
    assert.equal((await here.exchange.http(klines("ETHUSDT"), signal)).host, here.second.url);
    const asked = here.first.requests.total;
    assert.equal((await here.exchange.http(klines("SOLUSDT"), signal)).host, here.second.url);
    assert.equal(here.first.requests.total, asked, `${kind}: it rests`);
  }
});

Deno.test("a 403 or 451 for one symbol is not retried at any host and stops no other request", async () => {
  for (const kind of ["403", "451"] as const) {
    await using here = await twoHosts();
    here.first.faults.add({ kind, path: "klines", symbol: "BTCUSDT" });
    const refused = { code: "exchange_refused", message: /HTTP 4/ };
    await assert.rejects(() => here.exchange.http(klines("BTCUSDT"), signal), refused);
    assert.equal(countOf(here.first, "klines"), 1);
    assert.equal(here.second.requests.total, 0);
    assert.equal((await here.exchange.http(klines("ETHUSDT"), signal)).host, here.first.url);
    assert.equal((await here.exchange.budget.read()).ban, undefined);
  }
});

Deno.test("attempts without a connection count neither as requests nor as weight", async () => {
  await using here = await twoHosts();
  const weights: number[] = [];
  const request = { ...klines("BTCUSDT"), onSent: (weight: number) => void weights.push(weight) };
  await here.first.down();
  assert.equal((await here.exchange.http(request, signal)).host, here.second.url);
  assert.deepEqual(weights, [2]);
  here.second.faults.add({ kind: "503", count: 1 });
  here.pass();
  await here.exchange.http(request, signal);
  assert.equal(weights.length, here.second.requests.total);
});

Deno.test("a response that is not JSON fails this request only, or the host if all its responses are like that", async () => {
  for (const kind of ["html-page", "truncated-json"] as const) {
    await using here = await twoHosts();
    here.first.faults.add({ kind, path: "klines", symbol: "BTCUSDT" });
    const alone = { code: "bad_payload", message: /the response is not JSON$/ };
    await assert.rejects(() => here.exchange.http(klines("BTCUSDT"), signal), alone);
    assert.equal(countOf(here.first, "klines"), 1);
    assert.equal((await here.exchange.http(klines("ETHUSDT"), signal)).host, here.first.url);

    here.first.faults.add({ kind });
    here.pass();
    assert.equal((await here.exchange.http(klines("ETHUSDT"), signal)).host, here.second.url, kind);
  }
});

Deno.test("many requests that fail together probe the clock once, and each gives up after a few rounds", async () => {
  await using simulator = await startSimulator({ weightClock: "simulated" });
  const exchange = testExchange([simulator.url]);
  simulator.faults.add({ kind: "503", path: "klines" });
  const runs = Array.from({ length: 6 }, () => exchange.http(klines("BTCUSDT"), signal));
  const outcomes = await Promise.allSettled(runs);
  assert.ok(outcomes.every((one) => one.status === "rejected"));
  assert.equal(countOf(simulator, "klines"), 6 * 4);
  assert.ok(countOf(simulator, "time") <= 2, String(countOf(simulator, "time")));
});

Deno.test("an outage is logged once at its start and once at its end, regardless of the number of requests", async () => {
  const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = gone.addr;
  gone.close();
  const lines: string[] = [];
  const add = (message: string) => lines.push(message);
  const log: Logger = { ...silent, warn: add, info: add };
  const { http, status } = testExchange([`http://127.0.0.1:${port}`], { outageLog: log });
  const stop = new AbortController();
  const asked = ["BTCUSDT", "ETHUSDT", "SOLUSDT"].map((one) => http(klines(one), stop.signal));
  const settled = Promise.allSettled(asked);
  await waitFor(() => status.read().failure !== undefined);
  const reason = `Binance cannot be reached from here: 127.0.0.1:${port} refused the connection`;
  assert.equal(status.read().failure?.message, reason);
  await using _simulator = await startSimulator({ port });
  await settled;
  assert.deepEqual(lines, [
    `${reason}. wick keeps trying; \`deno task demo\` shows it with simulated data`,
    "Binance is reachable again after less than a minute",
  ]);
  assert.equal(status.read().failure, undefined);
});

Deno.test("describeNetworkFailure() describes each kind of connection failure", async () => {
  const origin = "https://data-api.binance.vision";
  const sent = `error sending request for url (${origin}/api/v3/time): client error`;
  const chain = (text: string) => new TypeError("fetch failed", { cause: new Error(text) });
  const name = "data-api.binance.vision";
  const cases: [unknown, string, boolean][] = [
    [
      chain(`${sent} (Connect): dns error: failed to lookup address information: Name or service`),
      `DNS lookup of ${name} failed`,
      true,
    ],
    [
      chain(`${sent} (Connect): tcp connect error: Connection refused (os error 111)`),
      `${name} refused the connection`,
      true,
    ],
    [
      chain(`${sent} (Connect): tcp connect error: Network is unreachable (os error 101)`),
      `there is no network route to ${name}`,
      true,
    ],
    [
      chain(`${sent} (Connect): invalid peer certificate: UnknownIssuer`),
      `the TLS certificate of ${name} is not trusted (UnknownIssuer)`,
      true,
    ],
    [chain(`${sent} (Connect): tls handshake eof`), `the TLS connection to ${name} failed`, true],
    [
      chain(`${sent} (Connect): proxy authentication required`),
      `the proxy refused the connection to ${name}`,
      true,
    ],
    [
      chain(`${sent} (SendRequest): connection closed before message completed`),
      `${name} closed the connection`,
      false,
    ],
    [chain("something new"), `the connection to ${name} failed`, false],
    [
      new DOMException("Signal timed out.", "TimeoutError"),
      `${name} did not answer within 10 s`,
      false,
    ],
  ];
  for (const [cause, text, isHost] of cases) {
    assert.deepEqual(describeNetworkFailure(cause, origin, 10_000), { text, isHost });
  }
  const real = await fetch("http://nowhere.invalid/").catch((error) => error);
  assert.deepEqual(describeNetworkFailure(real, "http://nowhere.invalid", 1), {
    text: "DNS lookup of nowhere.invalid failed",
    isHost: true,
  });
});
