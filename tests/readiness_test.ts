import assert from "node:assert/strict";
import { openDatabase } from "../lib/store/postgres/connection/database.ts";
import { createTestDatabase, silent, testCluster } from "../lib/testing/database/postgres.ts";
import { makeScratchFolder } from "../lib/testing/scratch_folder.ts";
import { build, type ServerProcess, startServer, waitFor } from "../lib/testing/server_process.ts";
import { openTcpRelay } from "../lib/testing/database/tcp_relay.ts";
import { startSimulator } from "../packages/simulator/simulator.ts";

await build();
await testCluster();

/** Maximum response time of `/readyz`, with a margin for a busy machine. */
const ANSWER_MS = 2_500;

const NO_EXCHANGE = {
  BINANCE_URLS: "http://127.0.0.1:1",
  COINGECKO_URL: "http://127.0.0.1:1",
  SYMBOLS: "BTCUSDT",
  INTERVALS: "1h",
};

/** Requests `/readyz`, which must respond in time. */
async function readiness({ url }: ServerProcess) {
  const start = performance.now();
  const response = await fetch(`${url}/readyz`);
  const body = await response.json();
  const ms = performance.now() - start;
  assert.ok(ms < ANSWER_MS, `${Math.round(ms)} ms`);
  assert.equal(response.headers.has("retry-after"), response.status === 503);
  return { status: response.status, database: body.database as string, body };
}

const untilStatus = (server: ServerProcess, status: number) =>
  waitFor(async () => {
    const answer = await readiness(server);
    return answer.status === status ? answer : undefined;
  }, 30_000);

/** A role without its own privileges that may use the database at `url`. */
async function ordinaryRole(url: string) {
  const name = `role_${crypto.randomUUID().replaceAll("-", "")}`;
  const admin = openDatabase({ url, log: silent });
  await admin.query(`create role ${name} login password 'secret'`);
  for (
    const what of ["schema public", "all tables in schema public", "all sequences in schema public"]
  ) {
    await admin.query(`grant all on ${what} to ${name}`);
  }
  const address = new URL(url);
  [address.username, address.password] = [name, "secret"];
  return {
    admin,
    name,
    url: address.href,
    async close() {
      await admin.query(`drop owned by ${name}`);
      await admin.query(`drop role ${name}`);
      await admin.close();
    },
  };
}

Deno.test("/readyz is 503 in time while the database is unresponsive, and 200 afterwards", async () => {
  const database = await createTestDatabase();
  const address = new URL(database.url);
  const relay = openTcpRelay(Number(address.port));
  address.port = String(relay.port);
  const server = await startServer({ ...NO_EXCHANGE, DATABASE_URL: address.href });
  await untilStatus(server, 200);
  relay.hold();
  for (let n = 0; n < 4; n++) {
    const { status, database } = await readiness(server);
    assert.equal(status, 503);
    assert.match(database, /^Cannot use the database: no answer/);
  }
  relay.mend();
  await untilStatus(server, 200);
  await server.kill("SIGTERM");
  relay.cut();
  await database.close();
});

Deno.test("/readyz is 503 while no connection is available", async () => {
  const database = await createTestDatabase();
  const { admin, name, url, close } = await ordinaryRole(database.url);
  const server = await startServer({ ...NO_EXCHANGE, DATABASE_URL: url });
  await untilStatus(server, 200);

  await admin.query(`alter role ${name} connection limit 0`);
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${name}'`,
  );
  await waitFor(async () => {
    const { status, database } = await readiness(server);
    return status === 503 && /too many connections for role/.test(database);
  });
  await admin.query(`alter role ${name} connection limit -1`);
  await untilStatus(server, 200);
  await server.kill("SIGTERM");
  await close();
  await database.close();
});

Deno.test("/readyz responds in time while the embedded database is being created", async () => {
  const dataDir = await makeScratchFolder("wick-ready-");
  const server = await startServer({ ...NO_EXCHANGE, DATA_DIR: dataDir });
  const seen = new Set<string>();
  await waitFor(async () => {
    const { status, database } = await readiness(server);
    seen.add(database);
    return status === 200;
  }, 60_000);
  seen.delete("ok");
  for (const reason of seen) assert.match(reason, /being created, started or migrated/);
  await server.kill("SIGTERM");
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("two servers that share three connections settle, and both are ready", async () => {
  const database = await createTestDatabase();
  const simulator = await startSimulator({ since: Date.UTC(2026, 0, 1) });
  const { admin, name, url, close } = await ordinaryRole(database.url);
  await admin.query(`alter role ${name} connection limit 3`);
  const env = {
    ...NO_EXCHANGE,
    DATABASE_URL: url,
    KV_PATH: ":memory:",
    BINANCE_URLS: simulator.url,
    COINGECKO_URL: simulator.url,
  };
  const servers = [await startServer(env), await startServer(env)];
  const start = performance.now();
  for (const server of servers) {
    await untilStatus(server, 200);
    await waitFor(async () => {
      const response = await fetch(`${server.url}/charts?symbol=BTCUSDT&interval=1h`);
      await response.body?.cancel();
      assert.ok([200, 503].includes(response.status));
      return response.status === 200;
    }, 30_000);
  }
  assert.ok(performance.now() - start < 30_000);
  for (let n = 0; n < 10; n++) {
    const answers = await Promise.all(servers.map(readiness));
    assert.deepEqual(answers.map(({ status }) => status), [200, 200]);
  }
  for (const server of servers) await server.kill("SIGTERM");
  await simulator.close();
  await close();
  await database.close();
});
