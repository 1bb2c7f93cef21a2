import assert from "node:assert/strict";
import { parseDecimal } from "../lib/core/decimal.ts";
import { createKlineStore } from "../lib/store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import type { Db } from "../lib/store/postgres/connection/database.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { klinesFrom, marketSymbol } from "../lib/testing/klines.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";
import { type AnswerCache, createAnswerCache } from "../lib/http/answer_cache.ts";

// A shared response is as old as its freshness states, even if nothing has changed for long.
const { db, url, close } = await createTestDatabase();
const store = createKlineStore(db);
const series = { symbol: "BTCUSDT", interval: "1h" } as const;
const klines = klinesFrom("2024-01-01", "1h", 100);
await store.saveSymbols([marketSymbol("BTCUSDT")]);
const run = await createRunLedger(db).start("test", "rest");
await store.write(series, klines, run);

const statements: string[] = [];
const counted: Db = {
  ...db,
  query: (sql, values) => {
    statements.push(sql);
    return db.query(sql, values);
  },
  snapshot: (work) => {
    statements.push("snapshot");
    return db.snapshot(work);
  },
};
let time = 0;
const cache = createAnswerCache(() => time);
let routed = 0;
const answers: AnswerCache = {
  findFresh: cache.findFresh,
  get(...args) {
    routed++;
    return cache.get(...args);
  },
};
const app = await createTestApp({
  db: counted,
  url,
  symbols: ["BTCUSDT"],
  intervals: ["1h"],
  serverTime: klines.at(-1)!.closeTime + 1,
  answers,
});
Deno.test.afterAll(async () => {
  await app.close();
  await close();
});

const PATH = "/api/candles?symbol=BTCUSDT&interval=1h&limit=10";
const info: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "10.0.0.1", port: 1 },
  completed: Promise.resolve(),
};

function request(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return app.handler(new Request(`http://wick.test${path}`, { headers }), info);
}

async function ask() {
  const response = await request(PATH);
  const { volume } = await response.json();
  return { etag: response.headers.get("etag")!, newest: volume.at(-1) };
}

Deno.test("/api/candles of a series that did not change is not read again", async () => {
  const first = await ask();
  statements.length = 0;
  for (let i = 0; i < 3; i++) {
    time += 300;
    assert.deepEqual(await ask(), first);
  }
  assert.equal(statements.length, 3, statements.join("\n"));
  assert.ok(statements.every((sql) => sql.includes("from series") && !sql.includes("klines")));
  assert.deepEqual(await ask(), first);
  assert.equal(statements.length, 3, "within the moment nothing is asked");
});

Deno.test("/api/candles shows a revised candle immediately, with another ETag", async () => {
  const before = await ask();
  const revised = { ...klines.at(-1)!, volume: parseDecimal("4321.5") };
  await store.write(series, [revised], run);
  time += 300;
  const after = await ask();
  assert.equal(after.newest, 4321.5);
  assert.notEqual(after.etag, before.etag);
});

Deno.test("/api/candles of a series that was collected again has another ETag at the same version", async () => {
  time += 300;
  const before = await ask();
  const [row] = await db.query<{ version: number }>("select version from series");
  await db.query("truncate klines, kline_revisions, series");
  await store.openSeries(series);
  for (let version = 1; version < row!.version; version++) {
    await store.write(series, [klines[version]!], run);
  }
  await store.write(series, [klines.at(-1)!], run);
  assert.deepEqual(await db.query("select version from series"), [row]);
  time += 300;
  assert.notEqual((await ask()).etag, before.etag);
});

/** Body and headers, without those of the single request. */
async function describe(response: Response) {
  const own = ["x-request-id", "x-mbx-used-weight", "x-mbx-used-weight-1m"];
  const headers = [...response.headers].filter(([name]) => !own.includes(name));
  return { status: response.status, headers, body: await response.bytes() };
}

Deno.test("responses without routing equal routed ones, and count for the used weight", async () => {
  for (
    const [path, headers] of [
      [PATH, {}],
      ["/api/v3/klines?symbol=BTCUSDT&interval=1h", {}],
      ["/api/v3/klines?symbol=BTCUSDT&interval=1h", { "x-mbx-time-unit": "MICROSECOND" }],
      ["/charts?symbol=BTCUSDT&interval=1h", {}],
      ["/charts?symbol=BTCUSDT&interval=1h", {
        "accept-encoding": "gzip",
        cookie: "wick-theme=dark",
      }],
    ] as [string, Record<string, string>][]
  ) {
    time += 1_000;
    const first = await request(path, headers);
    routed = 0;
    const ready = [await request(path, headers), await request(path, headers)];
    assert.equal(routed, 0, path);
    const ids = [first, ...ready].map((response) => response.headers.get("x-request-id"));
    assert.equal(new Set(ids).size, 3, path);
    const [a, b, c] = [first, ...ready].map((response) =>
      Number(response.headers.get("x-mbx-used-weight"))
    );
    const step = path.startsWith("/api/v3") ? 2 : 0;
    assert.deepEqual([b! - a!, c! - b!], [step, step], path);
    const expected = await describe(first);
    for (const response of ready) assert.deepEqual(await describe(response), expected, path);
  }
});

Deno.test("a client that has the current answer gets 304, and HEAD no body, between ready responses", async () => {
  time += 1_000;
  const { etag } = await ask();
  await ask();
  const unchanged = await request(PATH, { "if-none-match": etag });
  assert.deepEqual([unchanged.status, await unchanged.text()], [304, ""]);
  const head = await app.handler(new Request(`http://wick.test${PATH}`, { method: "HEAD" }), info);
  assert.deepEqual([head.status, await head.text()], [200, ""]);
});
