import assert from "node:assert/strict";
import { HOUR_MS, parseTime } from "../core/time.ts";
import { createWebhook } from "./webhook.ts";
import type { FreshnessAlert } from "../ports/freshness_alerts.ts";
import { createFreshnessAlerts } from "../store/postgres/alerts_postgres.ts";
import { createKlineStore } from "../store/postgres/writing/klines_postgres.ts";
import { createKlineReader } from "../store/postgres/reading/read_postgres.ts";
import { createRunLedger } from "../store/postgres/status/runs_postgres.ts";
import { manualClock } from "../testing/clock.ts";
import { klineAt, marketSymbol } from "../testing/klines.ts";
import { createTestDatabase, silent } from "../testing/database/postgres.ts";
import { watchFreshness } from "./freshness_watch.ts";

const start = parseTime("2025-06-15T10:00:00Z");
const btc = { symbol: "BTCUSDT", interval: "1h" } as const;
const gone = { symbol: "GONEUSDT", interval: "1h" } as const;
const never = new AbortController().signal;

const { db, close } = await createTestDatabase();
const store = createKlineStore(db);
const run = await createRunLedger(db).start("test", "rest");
await store.saveSymbols([marketSymbol("BTCUSDT"), marketSymbol("GONEUSDT")]);
for (const series of [btc, gone]) await store.openSeries(series);
Deno.test.afterAll(close);

interface Post {
  readonly event: string;
  readonly symbol: string;
  readonly id: number;
  readonly text: string;
}

/** A webhook receiver; answers 500 to the first `failures` posts. */
function receiver(failures: number) {
  const taken: Post[] = [];
  let refused = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const post = await request.json();
    if (refused < failures) {
      refused++;
      return new Response("no", { status: 500 });
    }
    taken.push(post);
    return new Response("ok");
  });
  const url = `http://127.0.0.1:${server.addr.port}/hooks/secret`;
  return { taken, url, refused: () => refused, [Symbol.asyncDispose]: () => server.shutdown() };
}

function instance(url: string, now: number) {
  const clock = manualClock(now);
  const deps = {
    clock,
    log: silent,
    listSeries: () => Promise.resolve([btc]),
    reader: createKlineReader(db),
    exchange: {
      serverTime: clock.now,
      read: () => ({
        host: undefined,
        simulated: undefined,
        answeredAt: undefined,
        failure: undefined,
      }),
    },
    alerts: createFreshnessAlerts(db),
    send: createWebhook(url, fetch),
  };
  return { look: () => watchFreshness(deps, never) };
}

const collectTo = (open: number) => store.write(btc, [klineAt(open, "1h")], run);

Deno.test("a stale series and its recovery are reported once, regardless of the number of instances", async () => {
  await using ear = receiver(0);
  await collectTo(start);
  await instance(ear.url, start + HOUR_MS).look();
  assert.equal(ear.taken.length, 0);
  const late = start + 4 * HOUR_MS;
  await Promise.all([1, 2, 3, 4].map(() => instance(ear.url, late).look()));
  await instance(ear.url, late).look();
  assert.deepEqual(ear.taken.map((post) => [post.event, post.symbol]), [
    ["series_stale", "BTCUSDT"],
  ]);
  assert.equal(
    ear.taken[0]!.text,
    "BTCUSDT 1h is stale: the newest candle opened 2025-06-15T10:00:00.000Z",
  );
  await collectTo(start + 3 * HOUR_MS);
  await Promise.all([1, 2, 3].map(() => instance(ear.url, late).look()));
  assert.deepEqual(ear.taken.map((post) => post.event), ["series_stale", "series_recovered"]);
});

Deno.test("a failing receiver gets the alert again until it accepts it, and then no more", async () => {
  await using ear = receiver(4);
  const late = start + 8 * HOUR_MS;
  await instance(ear.url, late).look();
  assert.equal(ear.refused(), 3);
  assert.equal(ear.taken.length, 0);
  await instance(ear.url, late + 1_000).look();
  assert.equal(ear.refused(), 3, "the alert still rests");
  await instance(ear.url, late + HOUR_MS).look();
  assert.equal(ear.refused(), 4);
  assert.deepEqual(ear.taken.map((post) => post.event), ["series_stale"]);
  await instance(ear.url, late + 2 * HOUR_MS).look();
  assert.equal(ear.taken.length, 1);
});

Deno.test("the webhook's URL does not appear in messages about its failures", async () => {
  const send = createWebhook("http://127.0.0.1:1/hooks/secret", fetch);
  const alert: FreshnessAlert = {
    ...btc,
    event: "stale",
    alertId: 1,
    lastOpenTime: start,
    raisedAt: start,
    nextAttemptAt: start,
  };
  await assert.rejects(() => send(alert, never), (error: Error) => {
    assert.equal(error.message, "Cannot reach the webhook at 127.0.0.1:1");
    return !error.message.includes("secret");
  });
});
