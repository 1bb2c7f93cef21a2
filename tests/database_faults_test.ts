import assert from "node:assert/strict";
import { startSimulator } from "../packages/simulator/simulator.ts";
import { createTestDatabase, silent, testCluster } from "../lib/testing/database/postgres.ts";
import { makeScratchFolder } from "../lib/testing/scratch_folder.ts";
import { build, type ServerProcess, startServer, waitFor } from "../lib/testing/server_process.ts";
import { openDatabase } from "../lib/store/postgres/connection/database.ts";

await build();
await testCluster(); // as root, the account exists then

/** One series, and no limits for the single client of these tests. */
const SMALL = { SYMBOLS: "BTCUSDT", INTERVALS: "1h", LIMIT_EXPORTS: "0", LIMIT_REQUESTS: "0" };

const PATHS = [
  "/charts?symbol=BTCUSDT&interval=1h",
  "/status",
  "/api/series",
  "/api/candles?symbol=BTCUSDT&interval=1h",
  "/export?symbol=BTCUSDT&interval=1h",
  "/readyz",
];

/** Statuses of `count` concurrent requests, spread over paths and servers. */
async function burst(servers: readonly ServerProcess[], count: number): Promise<number[]> {
  return await Promise.all(Array.from({ length: count }, async (_, n) => {
    const path = PATHS[n % PATHS.length]!;
    const response = await fetch(servers[n % servers.length]!.url + path);
    const text = await response.text().catch((error) => {
      if (path.startsWith("/export")) return ""; // cut off, so that it does not look complete
      throw error;
    });
    if (response.status === 503) assert.ok(response.headers.has("retry-after"), text);
    return response.status;
  }));
}

/** Waits until every path of every server responds; returns the time in ms. */
async function untilAllAnswer(servers: readonly ServerProcess[]): Promise<number> {
  const start = performance.now();
  await waitFor(async () => {
    const statuses = await burst(servers, servers.length * PATHS.length);
    assert.ok(statuses.every((status) => status === 200 || status === 503), statuses.join());
    return statuses.every((status) => status === 200);
  }, 30_000);
  return performance.now() - start;
}

/** An exchange and two servers with one embedded database. */
async function embeddedScene() {
  const simulator = await startSimulator({ since: Date.UTC(2026, 0, 1) });
  const dataDir = await makeScratchFolder("wick-faults-");
  const env = {
    DATA_DIR: dataDir,
    ...SMALL,
    BINANCE_URLS: simulator.url,
    COINGECKO_URL: simulator.url,
  };
  const servers = [await startServer(env), await startServer(env)];
  await untilAllAnswer(servers);
  return {
    servers,
    async postmaster() {
      const text = await Deno.readTextFile(`${dataDir}/postgres/postmaster.pid`);
      return Number(text.split("\n")[0]);
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server.kill("SIGTERM");
      await simulator.close();
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}

Deno.test("a killed PostgreSQL is restarted once for concurrent requests, and no response is a 500", async () => {
  await using here = await embeddedScene();
  for (const signal of ["SIGKILL", "SIGKILL", "SIGINT", "SIGKILL", "SIGQUIT"] as const) {
    const before = await here.postmaster();
    Deno.kill(before, signal);
    const statuses = await burst(here.servers, 20);
    assert.ok(statuses.every((status) => status === 200 || status === 503), statuses.join());
    const ms = await untilAllAnswer(here.servers);
    assert.ok(ms < 10_000, `${signal}: ${ms} ms`);
    const after = await here.postmaster();
    assert.notEqual(after, before);
    Deno.kill(after, "SIGCONT"); // throws unless the process in the lock file is alive
  }
  for (const server of here.servers) assert.doesNotMatch(server.output(), / broke: /);
});

Deno.test("connections ended by the server cause no 500, and collecting continues", async () => {
  const simulator = await startSimulator({ since: Date.UTC(2026, 0, 1) });
  const database = await createTestDatabase();
  const name = new URL(database.url).pathname.slice(1);
  const server = await startServer({
    DATABASE_URL: database.url,
    KV_PATH: ":memory:",
    ...SMALL,
    BINANCE_URLS: simulator.url,
    COINGECKO_URL: simulator.url,
  });
  await untilAllAnswer([server]);
  const admin = openDatabase({ url: database.url, log: silent });
  const endOthers = () =>
    admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = $1 and pid <> pg_backend_pid()`,
      [name],
    );
  for (let round = 0; round < 20; round++) {
    const [statuses] = await Promise.all([burst([server], 12), endOthers()]);
    assert.ok(statuses.every((status) => status === 200 || status === 503), statuses.join());
    await endOthers(); // idle ones: the next use reconnects
    assert.deepEqual(await burst([server], 3), [200, 200, 200]);
  }
  await admin.query(`alter database ${name} set idle_session_timeout = 50`);
  await endOthers();
  assert.deepEqual(await burst([server], 3), [200, 200, 200]);
  assert.doesNotMatch(server.output(), / broke: /);
  await server.kill("SIGTERM");
  await admin.close();
  await database.close();
  await simulator.close();
});
