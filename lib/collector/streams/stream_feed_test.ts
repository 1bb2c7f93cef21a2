import assert from "node:assert/strict";
import { systemClock } from "../../clock.ts";
import { AppError } from "../../core/errors.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../core/time.ts";
import { createLeases } from "../../store/kv/lease_kv.ts";
import { createStreamBoard } from "../../store/kv/stream_kv.ts";
import { listRuns } from "../../store/postgres/status/runs_postgres.ts";
import { NO_KV, storedRows } from "../../testing/collector.ts";
import { SCENE_NOW, streamScene, until } from "../../testing/stream_scene.ts";
import { silent, testCluster } from "../../testing/database/postgres.ts";
import { followCloses } from "./stream_feed.ts";

await testCluster();

type Scene = Awaited<ReturnType<typeof streamScene>>;

/** A socket closes shortly after close() was called. */
function streamTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

const isEqual = (here: Scene) => until(async () => await here.difference() === "");

/** Waits until a symbol's newest closed candle is stored. */
function isStored({ simulator, db }: Scene, symbol: string): Promise<void> {
  const last = simulator.candles(symbol, "1m").at(-1)![0];
  const read = () => storedRows(db, { symbol, interval: "1m" });
  return until(async () => (await read()).at(-1)![0] === last);
}

const isConnected = ({ simulator, state }: Scene, opened: number) =>
  until(async () => {
    const connections = (await state())!.connections;
    return simulator.streams.opened === opened && connections.every(({ isOpen }) => isOpen);
  });

const klineRequests = ({ simulator }: Scene) =>
  simulator.requests.list({ path: "/api/v3/klines" }).length;

const originOfNewest = async ({ db }: Scene) =>
  (await db.query<{ source: string }>(
    `select distinct source from klines k join runs using (run_id)
     where open_time = (select max(open_time) from klines)`,
  )).map(({ source }) => source);

streamTest("closed candles are stored as the exchange has them, without a request", async () => {
  await using here = await streamScene();
  await here.start();
  const before = klineRequests(here);
  for (let minute = 0; minute < 5; minute++) {
    await here.advance(MINUTE_MS);
    await isEqual(here);
  }
  assert.equal(klineRequests(here), before);
  assert.deepEqual(await originOfNewest(here), ["stream"]);
  await here.stopFeed();
  const [run] = await listRuns(here.db, 1);
  assert.deepEqual([run!.job, run!.source, run!.new, run!.outcome], [
    "stream",
    "stream",
    15,
    "done",
  ]);
  assert.equal(await here.state(), undefined);
});

streamTest("REST fetches what was missed while disconnected, and nothing else", async () => {
  await using here = await streamScene();
  await here.start();
  await here.advance(MINUTE_MS);
  await isEqual(here);
  const before = klineRequests(here);
  here.simulator.streams.cut();
  await isConnected(here, 2);
  assert.equal(klineRequests(here), before, "no close was missed");
  here.simulator.streams.isClosed = true;
  here.simulator.streams.cut();
  await here.pass(2 * MINUTE_MS);
  here.simulator.streams.isClosed = false;
  await isEqual(here);
  assert.equal(klineRequests(here), before + 3, "one per series");
  await isConnected(here, 3);
  await here.advance(MINUTE_MS);
  await isEqual(here);
  assert.equal(klineRequests(here), before + 3);
});

streamTest(
  "closes wait while the database is unavailable, and none is lost or asked for",
  async () => {
    let failures = 3;
    await using here = await streamScene({
      wrapStore: (store) => ({
        ...store,
        append(candles, runId) {
          if (failures-- <= 0) return store.append(candles, runId);
          return Promise.reject(new AppError("store_unavailable", "Cannot reach the database"));
        },
      }),
    });
    await here.start();
    const before = klineRequests(here);
    await here.advance(MINUTE_MS);
    while (failures > 0) {
      const left: number = failures;
      await until(() => Promise.resolve(failures < left || failures <= 0));
      await here.pass(5 * SECOND_MS);
    }
    await isEqual(here);
    assert.equal(klineRequests(here) - before <= 3, true, "at most one request per series");
  },
);

streamTest("a batch that cannot be stored together is stored one by one", async () => {
  await using here = await streamScene({
    wrapStore: (store) => ({ ...store, append: () => Promise.reject(new Error("unique")) }),
  });
  await here.start();
  const before = klineRequests(here);
  for (let minute = 0; minute < 2; minute++) {
    await here.advance(MINUTE_MS);
    await isEqual(here);
  }
  assert.equal(klineRequests(here), before);
});

streamTest("a candle that the database rejects is fetched by REST, and streams go on", async () => {
  let rejections = 1;
  await using here = await streamScene({
    wrapStore: (store) => ({
      ...store,
      append: () => Promise.reject(new Error("unique")),
      write(series, klines, runId) {
        if (series.symbol !== "BTCUSDT" || rejections-- <= 0) {
          return store.write(series, klines, runId);
        }
        return Promise.reject(new Error("numeric field overflow"));
      },
    }),
  });
  await here.start();
  const before = klineRequests(here);
  await here.advance(MINUTE_MS);
  await isStored(here, "ETHUSDT");
  await here.pass(3 * SECOND_MS);
  await isEqual(here);
  await here.advance(MINUTE_MS);
  await isEqual(here);
  assert.deepEqual([klineRequests(here) - before, here.simulator.streams.opened], [1, 1]);
});

streamTest("one of two instances connects, and the other takes over when it ends", async () => {
  const kv = await Deno.openKv(":memory:");
  const leases = createLeases({ kv }, systemClock, silent);
  await using here = await streamScene({ feed: { leases } });
  await here.start();
  const stop = new AbortController();
  const second = followCloses(here.deps, stop.signal);
  await here.advance(MINUTE_MS);
  await isEqual(here);
  assert.equal(here.simulator.streams.opened, 1);
  await here.stopFeed();
  await here.pass(MINUTE_MS + 15 * SECOND_MS);
  await isEqual(here);
  await isConnected(here, 2);
  for (const ms of [45 * SECOND_MS, MINUTE_MS]) {
    await here.advance(ms);
    await isEqual(here);
  }
  assert.deepEqual(await originOfNewest(here), ["stream"]);
  stop.abort(new Error("the test is over"));
  await second;
  kv.close();
});

streamTest(
  "a symbol that halts costs no other symbol anything, and is followed again",
  async () => {
    await using here = await streamScene();
    await here.start();
    await here.advance(MINUTE_MS);
    await isEqual(here);
    const before = klineRequests(here);
    here.simulator.stopSymbol("BTCUSDT");
    for (let minute = 0; minute < 10; minute++) {
      await here.advance(MINUTE_MS);
      await isStored(here, "ETHUSDT");
    }
    const asked = klineRequests(here) - before;
    assert.ok(
      asked >= 1 && asked <= 12,
      `${asked} requests, some with a second one for an empty batch`,
    );
    here.simulator.resumeSymbol("BTCUSDT");
    for (let minute = 0; minute < 2; minute++) {
      await here.advance(MINUTE_MS);
      await isStored(here, "ETHUSDT");
    }
    await here.pass(15 * SECOND_MS);
    await isEqual(here);
  },
);

streamTest("REST repeats a sample of the streamed candles, and corrects what differs", async () => {
  const lines: string[] = [];
  const log = { ...silent, warn: (line: string) => void lines.push(line) };
  await using here = await streamScene({ log });
  await here.start();
  const wrong: number[] = [];
  here.simulator.streams.alter = (event) => {
    if (event.k["x"] !== true || event.s !== "BTCUSDT") return [event];
    wrong.push(Number(event.k["t"]));
    return [withKline(event, { v: "1.00000000" })];
  };
  await here.advance(MINUTE_MS);
  await until(async () => (await storedRows(here.db, here.series[0]!)).at(-1)![0] === wrong[0]);
  here.simulator.streams.alter = undefined;
  assert.match(await here.difference(), /BTCUSDT/);
  await here.advance(MINUTE_MS);
  await isStored(here, "BTCUSDT");
  assert.match(await here.difference(), /BTCUSDT/, "REST has had no reason to look");
  await here.pass(14 * HOUR_MS);
  await isEqual(here);
  const revisions = await here.db.query("select from kline_revisions");
  assert.equal(revisions.length, 1);
  assert.match(lines.join(), /BTCUSDT 1m: 1 stored candles differed from the REST API; corrected/);
  await here.pass(5 * SECOND_MS);
  const counts = async () => (await here.state())!;
  await until(async () => {
    const { differing, stored, refetched } = await counts();
    return differing === 1 && stored + refetched === 3 * (2 + 14 * 60);
  });
  const { stored, refetched, weight } = await counts();
  assert.ok(weight / (stored + refetched) <= 0.01, `${weight} for ${stored + refetched} candles`);
});

type Event = Parameters<NonNullable<Scene["simulator"]["streams"]["alter"]>>[0];

/** The events that replace BTCUSDT's at a close, and their consequences. */
interface Fault {
  /** Instead of the event of the closed candle; default: the event. */
  readonly closed?: (event: Event) => readonly unknown[];
  /** Instead of the event of the next candle, which is open. */
  readonly open?: (event: Event) => readonly unknown[];
  /** Requests for candles of BTCUSDT. */
  readonly requests: number;
  readonly refused: number;
}

const withKline = (event: Event, k: Record<string, unknown>) => ({
  ...event,
  k: { ...event.k, ...k },
});
const scaled = ({ k }: Event, factor: number) =>
  Object.fromEntries(["o", "h", "l", "c"].map((name) => [
    name,
    (Number(k[name]) * factor).toFixed(8),
  ]));
const inStream = (stream: string, data: unknown) => JSON.stringify({ stream, data });

const FAULTS: Readonly<Record<string, Fault>> = {
  "no event": { closed: () => [], requests: 1, refused: 0 },
  "the event twice": { closed: (event) => [event, event], requests: 0, refused: 0 },
  "another close afterwards": {
    closed: (event) => [event, withKline(event, { c: event.k["l"], l: event.k["l"] })],
    requests: 1,
    refused: 1,
  },
  "a wrong close first": {
    closed: (event) => [withKline(event, { v: "1.00000000" }), event],
    requests: 1,
    refused: 1,
  },
  "a close before its time": {
    open: (event) => [withKline(event, { x: true })],
    requests: 0,
    refused: 1,
  },
  "a close before its time, with a wrong event time": {
    open: (event) => [{ ...withKline(event, { x: true }), E: event.E + 10 * MINUTE_MS }],
    requests: 0,
    refused: 1,
  },
  "text that is not JSON": { closed: () => ['{"x":true,'], requests: 1, refused: 1 },
  "a price as number": {
    closed: (event) => [withKline(event, { o: Number(event.k["o"]) })],
    requests: 1,
    refused: 1,
  },
  "closed as text": {
    closed: (event) => [withKline(event, { x: "true" })],
    requests: 1,
    refused: 1,
  },
  "another symbol's candle": {
    closed: (event) => [withKline(event, { s: "ETHUSDT" })],
    requests: 1,
    refused: 1,
  },
  "another interval's candle": {
    closed: (event) => [withKline(event, { i: "3m" })],
    requests: 1,
    refused: 1,
  },
  "a high below the low": {
    closed: (event) => [withKline(event, { h: "0.00000001" })],
    requests: 1,
    refused: 1,
  },
  "an open time off the grid": {
    closed: (event) => [withKline(event, { t: Number(event.k["t"]) + 7 })],
    requests: 1,
    refused: 1,
  },
  "another market's prices": {
    closed: (event) => [withKline(event, scaled(event, 30))],
    requests: 1,
    refused: 1,
  },
  "no event time": {
    closed: ({ e, s, k }) => [{ e, s, k }],
    requests: 1,
    refused: 1,
  },
  "an unknown stream and an unknown message": {
    closed: (event) => [
      inStream("nonexistent@kline_1m", event),
      inStream("btcusdt@trade", { e: "trade" }),
      event,
    ],
    requests: 0,
    refused: 2,
  },
  "times in microseconds": {
    closed: (event) => [{
      ...withKline(event, {
        t: Number(event.k["t"]) * 1_000,
        T: Number(event.k["T"]) * 1_000 + 999,
      }),
      E: event.E * 1_000,
    }],
    requests: 0,
    refused: 0,
  },
};

for (const [what, fault] of Object.entries(FAULTS)) {
  streamTest(`a stream that sends ${what}: every candle is stored as REST has it`, async () => {
    await using here = await streamScene();
    await here.start();
    await here.advance(MINUTE_MS);
    await isEqual(here);
    const before = klineRequests(here);
    here.simulator.streams.alter = (event) => {
      const alter = event.k["x"] === true ? fault.closed : fault.open;
      return event.s === "BTCUSDT" && alter ? alter(event) : [event];
    };
    await here.advance(MINUTE_MS);
    await isStored(here, "ETHUSDT");
    here.simulator.streams.alter = undefined;
    await here.pass(15 * SECOND_MS);
    await isEqual(here);
    await until(() => Promise.resolve(klineRequests(here) - before === fault.requests));
    await here.advance(45 * SECOND_MS);
    await isEqual(here);
    assert.equal(klineRequests(here) - before, fault.requests);
    await here.pass(5 * SECOND_MS);
    await until(async () => (await here.state())!.refused === fault.refused);
    assert.deepEqual(await here.jobs.gaps.list({}), []);
  });
}

streamTest("closes are stored while the state cannot be written to KV", async () => {
  const board = createStreamBoard(NO_KV, { now: () => SCENE_NOW });
  const errors: string[] = [];
  let isBroken = false;
  let refused = 0;
  await using here = await streamScene({
    log: { ...silent, error: (message) => errors.push(message) },
    feed: {
      board: {
        ...board,
        write(state) {
          if (!isBroken) return board.write(state);
          refused++;
          return Promise.reject(new TypeError("database is locked"));
        },
      },
    },
  });
  await here.start();
  isBroken = true;
  for (const minute of [1, 2]) {
    await here.advance(MINUTE_MS);
    await isEqual(here);
    await until(() => Promise.resolve(refused >= minute));
  }
  assert.deepEqual([errors, here.simulator.streams.opened], [[], 1]);
});
