import assert from "node:assert/strict";
import { systemClock } from "../clock.ts";
import { toRowText } from "../core/text/kline_row_text.ts";
import { MINUTE_MS, parseTime } from "../core/time.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { testExchange } from "../testing/collector.ts";
import { silent } from "../testing/database/postgres.ts";
import { createLivePoller } from "./binance_live_rest.ts";
import { createLiveStream } from "./binance_live_stream.ts";
import { createHosts } from "./hosts.ts";
import { createLiveSource } from "./live_source.ts";
import { createOddities } from "./oddities.ts";

const now = parseTime("2024-05-15T10:23:45.678Z");
const series = { symbol: "BTCUSDT", interval: "1m" } as const;
const clock = systemClock;
const oddities = createOddities(silent);
const hostsOf = (...origins: string[]) => createHosts(origins, clock.now);

/** A socket closes shortly after close() was called. */
function streamTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

const startExchange = () =>
  startSimulator({ now, frozen: true, since: parseTime("2024-05-14"), symbols: ["BTCUSDT"] });

async function newestRows(origin: string, limit: number): Promise<string[]> {
  const response = await fetch(`${origin}/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=${limit}`);
  return (await response.json()).map((row: unknown) => JSON.stringify(row));
}

streamTest(
  "createLiveStream() yields the open candle, and the previous one in its final state",
  async () => {
    await using exchange = await startExchange();
    const stop = new AbortController();
    const source = createLiveStream({
      hosts: hostsOf(exchange.url.replace("http", "ws")),
      clock,
      oddities,
    });
    const candles = source.watch(series, stop.signal)[Symbol.asyncIterator]();
    const first = (await candles.next()).value!;
    assert.deepEqual(first.map(toRowText), await newestRows(exchange.url, 1));
    exchange.clock.advance(MINUTE_MS);
    for (let seen = first; seen.length < 2;) seen = (await candles.next()).value!;
    const second = (await candles.next()).value!;
    assert.deepEqual(second.map(toRowText), await newestRows(exchange.url, 2));
    stop.abort();
    assert.equal((await candles.next()).done, true);
  },
);

streamTest(
  "createLiveStream() ends when the exchange closes the connection, with or without a close frame",
  async () => {
    await using exchange = await startExchange();
    const source = createLiveStream({
      hosts: hostsOf(exchange.url.replace("http", "ws")),
      clock,
      oddities,
    });
    for (const isAnnounced of [true, false]) {
      const candles = source.watch(series, new AbortController().signal)[Symbol.asyncIterator]();
      await candles.next();
      exchange.streams.cut({ isAnnounced });
      let step = await candles.next();
      while (!step.done) step = await candles.next();
    }
    assert.equal(exchange.streams.opened, 2);
  },
);

streamTest("createLiveStream() uses the next host when one refuses streams", async () => {
  await using exchange = await startExchange();
  const hosts = hostsOf("ws://127.0.0.1:1", exchange.url.replace("http", "ws"));
  const source = createLiveStream({ hosts, clock, oddities });
  const candles = source.watch(series, new AbortController().signal)[Symbol.asyncIterator]();
  const { value } = await candles.next();
  assert.deepEqual(value!.map(toRowText), await newestRows(exchange.url, 1));
  assert.match(hosts.list()[0]!.failure!.message, /127\.0\.0\.1:1 refuses streams/);
  await candles.return?.();
});

streamTest(
  "createLiveSource() polls while the stream is unreachable, and returns to the stream",
  async () => {
    await using exchange = await startExchange();
    const { http, budget } = testExchange([exchange.url]);
    const poller = createLivePoller({ http, budget, clock });
    for (
      const [origin, polls] of [["ws://127.0.0.1:1", 1], [exchange.url.replace("http", "ws"), 0]]
    ) {
      const before = exchange.requests.total;
      const stop = new AbortController();
      const stream = createLiveStream({ hosts: hostsOf(String(origin)), clock, oddities });
      const source = createLiveSource({ stream, poller, clock, log: silent });
      const candles = source.watch(series, stop.signal)[Symbol.asyncIterator]();
      const { value } = await candles.next();
      assert.equal(exchange.requests.total - before, polls, String(origin));
      assert.equal(toRowText(value!.at(-1)!), (await newestRows(exchange.url, 1))[0]);
      await candles.return?.();
      stop.abort();
    }
  },
);

streamTest(
  "createLiveStream() skips unknown and malformed messages, reports each once, and continues",
  async () => {
    const event = (k: Record<string, unknown>) => JSON.stringify({ e: "kline", k });
    const good = {
      t: 1_700_000_000_000,
      T: 1_700_000_059_999,
      s: "BTCUSDT",
      i: "1m",
      n: 3,
      o: "1",
      h: "2",
      l: "1",
      c: "2",
      v: "5",
      q: "9",
      V: "1",
      Q: "2",
    };
    const odd = [
      "not JSON",
      "null",
      "7",
      "[]",
      '{"result":null,"id":1}',
      '{"e":"trade","p":"1"}',
      event({}),
      event({ ...good, o: 1 }),
      event({ ...good, s: "ETHUSDT" }),
    ];
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      const { socket, response } = Deno.upgradeWebSocket(request);
      socket.onopen = () => [...odd, ...odd, event(good)].forEach((text) => socket.send(text));
      return response;
    });
    const lines: string[] = [];
    const log = { ...silent, warn: (message: string) => lines.push(message) };
    const stop = new AbortController();
    const origin = `ws://127.0.0.1:${server.addr.port}`;
    const source = createLiveStream({
      hosts: hostsOf(origin),
      clock,
      oddities: createOddities(log),
    });
    const series = { symbol: "BTCUSDT", interval: "1m" } as const;
    const candles = source.watch(series, stop.signal)[Symbol.asyncIterator]();
    const { value } = await candles.next();
    assert.deepEqual(value?.map(({ openTime }: { openTime: number }) => openTime), [good.t]);
    assert.ok(lines.length >= 5);
    assert.equal(new Set(lines).size, lines.length);
    assert.ok(lines.every((line) => line.startsWith("Skipped a message of ")), lines.join("\n"));
    await candles.return?.();
    stop.abort();
    await server.shutdown();
  },
);

for (
  const [what, send] of Object.entries({
    "a message that is too large": (socket: WebSocket) => socket.send("x".repeat(5e6)),
    "a binary message": (socket: WebSocket) => socket.send(new Uint8Array(10)),
    "too many messages": (socket: WebSocket) => {
      for (let i = 0; i < 2_000; i++) socket.send("{}");
    },
  })
) {
  streamTest(
    `createLiveStream() disconnects from a stream that sends ${what}, and reports it`,
    async () => {
      await using server = Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen() {} },
        (request) => {
          const { socket, response } = Deno.upgradeWebSocket(request);
          socket.onopen = () => send(socket);
          socket.onerror = () => {};
          return response;
        },
      );
      const origin = `ws://127.0.0.1:${server.addr.port}`;
      const source = createLiveStream({ hosts: hostsOf(origin), clock, oddities });
      const watch = source.watch(series, new AbortController().signal)[Symbol.asyncIterator]();
      const message = /Cannot follow the exchange: its stream sends (a message|too many)/;
      await assert.rejects(() => watch.next(), { code: "exchange_unavailable", message });
    },
  );
}

streamTest("createLiveStream() follows no redirect", async () => {
  let hits = 0;
  await using target = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    hits++;
    return new Response("");
  });
  const location = `http://127.0.0.1:${target.addr.port}/`;
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(null, { status: 302, headers: { location } }),
  );
  const source = createLiveStream({
    hosts: hostsOf(`ws://127.0.0.1:${server.addr.port}`),
    clock,
    oddities,
  });
  const watch = source.watch(series, new AbortController().signal)[Symbol.asyncIterator]();
  await assert.rejects(() => watch.next(), { code: "exchange_unavailable" });
  assert.equal(hits, 0);
});
