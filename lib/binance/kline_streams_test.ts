import assert from "node:assert/strict";
import { systemClock } from "../clock.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { HOUR_MS, MINUTE_MS, parseTime } from "../core/time.ts";
import type { ClosedEvent } from "../ports/close_streams.ts";
import { type Simulator, startSimulator } from "../../packages/simulator/simulator.ts";
import { silent } from "../testing/database/postgres.ts";
import { until } from "../testing/stream_scene.ts";
import { createHosts } from "./hosts.ts";
import { createKlineStreams, type KlineStreamsOptions } from "./kline_streams.ts";
import { createOddities } from "./oddities.ts";

const now = parseTime("2025-06-15T10:20:01Z");

/** A socket closes shortly after close() was called. */
function streamTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

const startExchange = (symbols: readonly string[]) =>
  startSimulator({ now, frozen: true, since: now - HOUR_MS, symbols });

const originOf = ({ url }: Simulator) => url.replace("http", "ws");

/** Follows the exchange's symbols at 1m until disposed. */
function follow(
  exchange: Simulator,
  symbols: readonly string[],
  options: Partial<KlineStreamsOptions> = {},
) {
  const clock = { ...systemClock, now: () => exchange.clock.now() };
  const stop = new AbortController();
  const events: ClosedEvent[] = [];
  const streams = createKlineStreams({
    hosts: createHosts([originOf(exchange)], clock.now),
    clock,
    log: silent,
    oddities: createOddities(silent),
    random: () => 0,
    watchMs: 10,
    ...options,
  });
  const follower = streams.follow((event) => void events.push(event), stop.signal);
  const want = (names: readonly string[]) =>
    follower.want(names.map((symbol): Series => ({ symbol, interval: "1m" })));
  want(symbols);
  return {
    follower,
    want,
    events,
    isOpen: () => until(() => Promise.resolve(follower.brokenSince() === undefined)),
    /** Has the exchange close a minute, and waits for the events. */
    async close(): Promise<string[]> {
      events.length = 0;
      exchange.clock.advance(MINUTE_MS);
      exchange.streams.push();
      const wanted = new Set(symbols).size;
      await until(() => Promise.resolve(new Set(events.map(seriesName)).size === wanted));
      return events.map(({ symbol }) => symbol);
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new Error("the test is over"));
      await follower.settled();
    },
  };
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `S${i}USDT`);

streamTest("1,100 symbols are followed over two connections, and none is left out", async () => {
  const symbols = numbered(1_100);
  await using exchange = await startExchange(symbols);
  await using here = follow(exchange, symbols);
  await here.isOpen();
  assert.deepEqual(exchange.streams.sizes, [550, 550]);
  const closed = await here.close();
  assert.deepEqual(closed.toSorted(), symbols.toSorted(), "each once");
  const [row] = exchange.candles("S7USDT", "1m").slice(-1);
  const event = here.events.find(({ symbol }) => symbol === "S7USDT")!;
  assert.deepEqual([event.kline.openTime, event.kline.closePrice], [row![0], row![4]]);
});

streamTest("a symbol more than a connection carries opens a second one", async () => {
  await using exchange = await startExchange(["S0USDT"]);
  await using here = follow(exchange, numbered(1_024));
  await here.isOpen();
  assert.deepEqual(exchange.streams.sizes, [1_024]);
  here.want(numbered(1_025));
  await until(() => Promise.resolve(exchange.streams.sizes.length === 2));
  await here.isOpen();
  assert.deepEqual(exchange.streams.sizes.toSorted(), [1, 1_024]);
});

for (
  const [what, replace] of Object.entries({
    "that announces its end": (exchange: Simulator) => exchange.streams.cut({ isAnnounced: true }),
    "that is 23.5 hours old": (exchange: Simulator) => exchange.clock.advance(23.5 * HOUR_MS),
  })
) {
  streamTest(`a connection ${what} is replaced while it still works`, async () => {
    await using exchange = await startExchange(["BTCUSDT"]);
    await using here = follow(exchange, ["BTCUSDT"]);
    await here.isOpen();
    let isBroken = false;
    const sizes = new Set<number>();
    exchange.streams.alter = (event) => {
      isBroken ||= here.follower.brokenSince() !== undefined;
      sizes.add(exchange.streams.sizes.length);
      return [event];
    };
    replace(exchange);
    await until(() => Promise.resolve(exchange.streams.opened === 2));
    await until(() => Promise.resolve(exchange.streams.sizes.length === 1));
    assert.equal(isBroken, false);
    assert.ok(sizes.has(2), "both were open at the same time");
    exchange.streams.alter = undefined;
    assert.deepEqual(await here.close(), ["BTCUSDT"]);
  });
}

streamTest("a connection that falls silent is replaced, on the next host", async () => {
  await using silentOne = await startExchange(["BTCUSDT"]);
  await using exchange = await startExchange(["BTCUSDT"]);
  const hosts = createHosts([originOf(silentOne), originOf(exchange)], () => exchange.clock.now());
  await using here = follow(exchange, ["BTCUSDT"], { hosts, silenceMs: 200 });
  await here.isOpen();
  assert.equal(here.follower.connections()[0]!.host, originOf(silentOne));
  silentOne.streams.isSilent = true;
  await until(() => Promise.resolve(exchange.streams.opened > 0));
  await here.isOpen();
  assert.match(hosts.list()[0]!.failure!.message, /no data for \d+(\.\d+)? s/);
});

streamTest("the next host is used when one refuses streams", async () => {
  await using exchange = await startExchange(["BTCUSDT"]);
  const hosts = createHosts(["ws://127.0.0.1:1", originOf(exchange)], () => exchange.clock.now());
  await using here = follow(exchange, ["BTCUSDT"], { hosts });
  await here.isOpen();
  assert.deepEqual(await here.close(), ["BTCUSDT"]);
});

streamTest("series that are added are followed after a change of connections", async () => {
  await using exchange = await startExchange(["BTCUSDT", "ETHUSDT"]);
  await using here = follow(exchange, ["BTCUSDT"]);
  await here.isOpen();
  here.want(["BTCUSDT", "ETHUSDT"]);
  await until(() => Promise.resolve(exchange.streams.sizes.join() === "2"));
  await here.isOpen();
  exchange.clock.advance(MINUTE_MS);
  exchange.streams.push();
  await until(() => Promise.resolve(here.events.some(({ symbol }) => symbol === "ETHUSDT")));
  here.want([]);
  await here.follower.settled();
  await until(() => Promise.resolve(exchange.streams.sizes.length === 0));
});

streamTest("connections are attempted at most a hundred times in five minutes", async () => {
  await using exchange = await startExchange(["BTCUSDT"]);
  exchange.streams.isClosed = true;
  let attempts = 0;
  const clock = {
    now: () => exchange.clock.now(),
    // Every pause passes at once, those between attempts as well.
    async sleep(ms: number, signal: AbortSignal) {
      signal.throwIfAborted();
      exchange.clock.advance(ms);
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
  const hosts = createHosts([originOf(exchange)], clock.now);
  const counted = { ...hosts, current: () => (attempts++, hosts.current()) };
  const begun = exchange.clock.now();
  await using _ = follow(exchange, ["BTCUSDT"], { clock, hosts: counted });
  await until(() => Promise.resolve(attempts >= 150));
  assert.ok(exchange.clock.now() - begun >= 5 * MINUTE_MS, "150 attempts take more than 5 minutes");
});
