import assert from "node:assert/strict";
import type { SimulatorOptions } from "./packages/simulator/simulator.ts";
import { openCluster } from "./lib/store/cluster/embedded_cluster.ts";
import { openDatabase } from "./lib/store/postgres/connection/database.ts";
import { storedRows } from "./lib/testing/collector.ts";
import { createTestDatabase, silent, testCluster } from "./lib/testing/database/postgres.ts";
import { openServerScene } from "./lib/testing/server_scene.ts";
import { build, runMain, startServer, waitFor } from "./lib/testing/server_process.ts";

await build();
await testCluster();

const SYMBOLS = "BTCUSDT,ETHUSDT";
const INTERVALS = "1h,4h";
const series = SYMBOLS.split(",").flatMap((symbol) =>
  INTERVALS.split(",").map((interval) => ({ symbol, interval: interval as "1h" | "4h" }))
);

const scene = (options: SimulatorOptions = {}) =>
  openServerScene({
    settings: { SYMBOLS, INTERVALS },
    exchange: { since: Date.UTC(2023, 0, 1), ...options },
  });

interface SeriesRow {
  readonly rows: number;
  readonly freshness: string;
}

async function seriesOf(url: string): Promise<SeriesRow[]> {
  const response = await fetch(`${url}/api/series`);
  return response.ok ? (await response.json()).series : (await response.body?.cancel(), []);
}

const status = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
};

Deno.test("start: an empty folder becomes a full database, and SIGTERM ends the process within 5 s", async () => {
  await using here = await scene();
  const server = await startServer(here.env);
  await waitFor(async () =>
    (await seriesOf(server.url)).filter((one) => one.rows >= 1000).length === 4
  );
  const csv = await (await fetch(`${server.url}/export?symbol=ETHUSDT&interval=4h`)).text();
  const rows = csv.trimEnd().split("\n").slice(1).map((line) => line.split(","));
  const served = here.simulator.candles("ETHUSDT", "4h").slice(-rows.length);
  assert.deepEqual(
    rows.map((
      row,
    ) => [Date.parse(row[0]!), ...row.slice(1, 6), Date.parse(row[6]!), ...row.slice(7)]),
    served.map((row) => [...row.slice(0, 8), String(row[8]), ...row.slice(9, 11)]),
  );
  const caps = JSON.parse((await status(`${server.url}/api/market-caps`)).text);
  assert.deepEqual(caps.coins.map((coin: { coin: string }) => coin.coin), ["bitcoin", "ethereum"]);
  const { code, ms } = await server.kill("SIGTERM");
  assert.equal(code, 0, server.output());
  assert.ok(ms < 5_000, `${ms} ms`);
  await assert.rejects(Deno.stat(`${here.dataDir}/postgres/postmaster.pid`));
});

Deno.test("a collector killed with SIGKILL loses, duplicates and alters no row", async () => {
  await using here = await scene();
  for (const pages of [3, 9, 20]) {
    const before = here.simulator.requests.total;
    const server = await startServer(here.env);
    await waitFor(() => here.simulator.requests.total >= before + pages);
    await server.kill("SIGKILL");
  }
  const server = await startServer(here.env);
  const sizes = series.map((one) => here.simulator.candles(one.symbol, one.interval).length);
  const total = sizes.reduce((sum, size) => sum + size);
  await waitFor(async () => {
    const rows = (await seriesOf(server.url)).reduce((sum, one) => sum + one.rows, 0);
    return rows >= total;
  }, 60_000);
  await server.kill("SIGTERM");

  const cluster = await openCluster(here.dataDir, silent);
  const db = openDatabase({ url: cluster.url, log: silent });
  for (const one of series) {
    const served = here.simulator.candles(one.symbol, one.interval).map((row) => row.slice(0, 11));
    assert.deepEqual(await storedRows(db, one), served, `${one.symbol} ${one.interval}`);
  }
  await db.close();
  await cluster.release();
});

Deno.test("without an exchange the pages show the reason, and wick recovers automatically", async () => {
  await using here = await scene();
  await here.simulator.down();
  const server = await startServer(here.env);
  const path = "/export?symbol=BTCUSDT&interval=1h";
  const refused = await waitFor(async () => {
    const answer = await status(server.url + path);
    return answer.text.includes("Binance cannot be reached from here: ") ? answer : undefined;
  }, 90_000);
  assert.equal(refused.status, 503);
  assert.equal(JSON.parse(refused.text).error.code, "exchange_unavailable");
  const page = await status(`${server.url}/charts`);
  assert.equal(page.status, 503);
  assert.match(page.text, /Binance cannot be reached from here/);
  assert.equal((await status(`${server.url}/readyz`)).status, 200);

  await here.simulator.up();
  await waitFor(async () => (await status(server.url + path)).status === 200, 90_000);
  assert.equal(
    (await waitFor(async () => {
      const page = await status(`${server.url}/charts`);
      return page.status === 200 ? page : undefined;
    })).status,
    200,
  );

  // Stored candles are served while the exchange is unreachable again.
  await here.simulator.down();
  const kept = await status(server.url + path);
  assert.equal(kept.status, 200, kept.text.slice(0, 300));
  await server.kill("SIGTERM");
});

Deno.test("without its database wick answers 503 with the reason, and recovers automatically", async () => {
  await using here = await scene();
  const database = await createTestDatabase({ isMigrated: false });
  const proxy = databaseProxy(database.url);
  const server = await startServer({ ...here.env, DATABASE_URL: proxy.url });
  for (const path of ["/readyz", "/api/series", "/export?symbol=BTCUSDT&interval=1h", "/charts"]) {
    const answer = await status(server.url + path);
    assert.equal(answer.status, 503, path);
    assert.match(answer.text, /Cannot use the database/, path);
  }
  assert.equal((await status(`${server.url}/healthz`)).status, 200);

  proxy.up();
  await waitFor(
    async () => (await seriesOf(server.url)).filter((one) => one.rows >= 1000).length === 4,
    60_000,
  );
  proxy.down();
  assert.equal((await status(`${server.url}/charts`)).status, 503);
  proxy.up();
  await waitFor(async () => (await status(`${server.url}/charts`)).status === 200, 20_000);
  const { code } = await server.kill("SIGTERM");
  assert.equal(code, 0, server.output());
  proxy.down();
  await database.close();
});

/** A connection to the database that can be cut. Initially cut. */
function databaseProxy(target: string) {
  const port = freePort();
  const url = new URL(target);
  const targetPort = Number(url.port);
  url.port = String(port);
  let listener: Deno.TcpListener | undefined;
  let pipes = new AbortController();
  return {
    url: url.href,
    up() {
      pipes = new AbortController();
      listener = Deno.listen({ hostname: "127.0.0.1", port });
      void accept(listener, pipes.signal);
    },
    down() {
      listener?.close();
      pipes.abort();
    },
  };

  async function accept(listener: Deno.TcpListener, signal: AbortSignal) {
    for await (const client of listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: targetPort });
      client.readable.pipeTo(server.writable, { signal }).catch(() => {});
      server.readable.pipeTo(client.writable, { signal }).catch(() => {});
    }
  }
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

Deno.test("start with an invalid configuration names every invalid variable and exits with 2", async () => {
  const { code, err, out } = await runMain([], { PORT: "http", INTERVALS: "1h,7m" });
  assert.equal(code, 2);
  assert.match(out + err, /^Cannot read the configuration: .*PORT: .*INTERVALS/);
  assert.equal((out + err).trim().split("\n").length, 1);
});

Deno.test("a .env file is read, and the environment takes precedence, even if empty", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wick-env-" });
  await Deno.writeTextFile(`${folder}/.env`, "PORT=http\nINTERVALS=7m\nLOG_LEVEL=loud\n");
  const { code, err } = await runMain([], { INTERVALS: "", LOG_LEVEL: "warn" }, folder);
  assert.equal(code, 2);
  assert.match(err, /^Cannot read the configuration: PORT: must be a whole number\n$/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("start on a port in use prints the reason and exits", async () => {
  await using here = await scene();
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await assert.rejects(
    () => startServer({ ...here.env, PORT: String(taken.addr.port) }),
    /Cannot listen on 127\.0\.0\.1:\d+: the port is in use by another program; set PORT/,
  );
  taken.close();
});
