import assert from "node:assert/strict";
import { createKlineStore } from "../lib/store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import { klinesFrom, marketSymbol } from "../lib/testing/klines.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";
import { build, startServer, waitFor } from "../lib/testing/server_process.ts";
import { openTcpRelay } from "../lib/testing/database/tcp_relay.ts";

await build();
const database = await createTestDatabase();
Deno.test.afterAll(() => database.close());

/** 3 s of waiting, 2 s for a ping, 0.5 s for the error page, and a margin for a busy machine. */
const ANSWER_MS = 8_000;
const SERIES = "symbol=BTCUSDT&interval=1h";
const PATHS = [
  `/charts?${SERIES}&from=2024-01-02`,
  "/status",
  "/markets",
  `/export?${SERIES}`,
  "/api/series",
  `/api/v3/klines?${SERIES}`,
];

async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url);
  await response.text();
  return response.ok;
}

Deno.test("pages and JSON are 503 within seconds while the database is unresponsive, and 200 afterwards", async () => {
  const store = createKlineStore(database.db);
  await store.saveSymbols([marketSymbol("BTCUSDT")]);
  const run = await createRunLedger(database.db).start("test", "rest");
  const series = { symbol: "BTCUSDT", interval: "1h" } as const;
  await store.write(series, klinesFrom("2024-01-01", "1h", 72), run);
  const address = new URL(database.url);
  const relay = openTcpRelay(Number(address.port));
  address.port = String(relay.port);
  const server = await startServer({
    DATABASE_URL: address.href,
    BINANCE_URLS: "http://127.0.0.1:1",
    COINGECKO_URL: "http://127.0.0.1:1",
    SYMBOLS: "BTCUSDT",
    INTERVALS: "1h",
    LIMIT_REQUESTS: "0",
  });
  await waitFor(() => answersOk(`${server.url}/readyz`), 30_000);
  relay.hold();
  const answers = await Promise.all(PATHS.map(async (path) => {
    const start = performance.now();
    const response = await fetch(`${server.url}${path}`);
    const body = await response.text();
    const retryAfter = response.headers.get("retry-after");
    return { path, status: response.status, ms: performance.now() - start, body, retryAfter };
  }));
  for (const { path, status, ms, body, retryAfter } of answers) {
    assert.equal(status, 503, `${path}: ${body.slice(0, 300)}`);
    assert.ok(ms < ANSWER_MS, `${path} took ${Math.round(ms)} ms`);
    assert.match(body, /database/i, path);
    assert.match(retryAfter ?? "", /^\d+$/, path);
  }
  relay.mend();
  for (const path of PATHS) {
    await waitFor(() => answersOk(`${server.url}${path}`), 30_000);
  }
  await server.kill("SIGTERM");
  relay.cut();
});
