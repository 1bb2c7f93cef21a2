import assert from "node:assert/strict";
import { startSimulator } from "../packages/simulator/simulator.ts";
import { startPgBouncer } from "../lib/testing/database/pgbouncer.ts";
import { type Loan, openDatabase } from "../lib/store/postgres/connection/database.ts";
import {
  createTestDatabase,
  silent,
  TEST_POOLER,
  testCluster,
} from "../lib/testing/database/postgres.ts";
import { parseTestArguments } from "../lib/testing/runner/test_plan.ts";
import { PGBOUNCER, programTest } from "../lib/testing/programs.ts";
import { makeScratchFolder } from "../lib/testing/scratch_folder.ts";
import {
  build,
  root,
  type ServerProcess,
  startServer,
  waitFor,
} from "../lib/testing/server_process.ts";

// wick through PgBouncer in transaction mode, where each transaction may have another server
// process.
const { url: clusterUrl } = await testCluster();
/** The tests of the store and the lake that use the run's server through the store's own pool. */
const STORE_TESTS = parseTestArguments([`${root}/lib/store/postgres`, `${root}/lib/lake`]).files
  .filter((path) => !path.includes("/postgres/connection/"))
  .filter((path) => {
    const text = Deno.readTextFileSync(path);
    return text.includes("createTestDatabase(") && !/(openCluster|startSecond)\(/.test(text);
  });

programTest(
  [PGBOUNCER],
  "the store's tests pass through PgBouncer in transaction mode",
  async () => {
    const pooler = await startPgBouncer(clusterUrl);
    try {
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["test", "-A", "--quiet", "--no-check", ...STORE_TESTS],
        cwd: root,
        env: { NO_COLOR: "1", [TEST_POOLER]: pooler.address },
        stdout: "piped",
        stderr: "piped",
      }).output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assert.ok(success, `${out}${err}`);
      assert.match(out!, /^ok \| [1-9]\d+ passed .*\| 0 failed/m);
      const clients = pooler.log().match(/test_[0-9a-f]+\/wick@\S+ login attempt/g) ?? [];
      assert.ok(clients.length >= STORE_TESTS.length, `only ${clients.length} clients came`);
    } finally {
      await pooler.close();
    }
  },
);

programTest(
  [PGBOUNCER],
  "a server collects and serves through PgBouncer in transaction mode",
  async () => {
    await build();
    const [pooler, simulator, database, dataDir] = [
      await startPgBouncer(clusterUrl),
      await startSimulator({ since: Date.UTC(2026, 0, 1) }),
      await createTestDatabase(),
      await makeScratchFolder("wick-pooled-"),
    ];
    const server = await startServer({
      DATABASE_URL: database.url.replace(/@[^/]*/, `@${pooler.address}`),
      DATA_DIR: dataDir,
      BINANCE_URLS: simulator.url,
      COINGECKO_URL: simulator.url,
      SYMBOLS: "BTCUSDT,ETHUSDT",
      INTERVALS: "1h",
    });
    try {
      await waitFor(() => server.output().includes("Finished backfill"), 120_000);
      const ready = await fetch(`${server.url}/readyz`);
      const readiness = await ready.text();
      assert.equal(ready.status, 200, readiness + server.output());
      const { series } = await (await fetch(`${server.url}/api/series`)).json();
      assert.equal(series.length, 2);
      for (const { symbol, interval, rows } of series) {
        const answer = await fetch(`${server.url}/export?symbol=${symbol}&interval=${interval}`);
        const lines = (await answer.text()).trim().split("\n").length - 1;
        assert.ok(lines >= rows && rows > 1_000, `${lines} lines of ${rows} rows`);
      }
      for (const path of ["/charts?symbol=BTCUSDT&interval=1h", "/status", "/metrics"]) {
        const answer = await fetch(server.url + path);
        await answer.body?.cancel();
        assert.equal(answer.status, 200, path);
      }
      assert.match(pooler.log(), /login attempt/);
    } finally {
      await server.kill("SIGTERM");
      await simulator.close();
      await pooler.close();
      await database.close();
      await Deno.remove(dataDir, { recursive: true });
    }
  },
);

/** Servers behind a pooler that admits `clients` connections. */
async function narrowScene(clients: number) {
  await build();
  const pooler = await startPgBouncer(clusterUrl, clients);
  const simulator = await startSimulator({ since: Date.UTC(2026, 0, 1) });
  const database = await createTestDatabase();
  const url = database.url.replace(/@[^/]*/, `@${pooler.address}`);
  const servers: ServerProcess[] = [];
  return {
    pooler,
    url,
    async start(env: Record<string, string> = {}): Promise<ServerProcess> {
      const server = await startServer({
        DATABASE_URL: url,
        KV_PATH: ":memory:",
        BINANCE_URLS: simulator.url,
        COINGECKO_URL: simulator.url,
        SYMBOLS: "BTCUSDT,ETHUSDT",
        INTERVALS: "1h,4h,1d",
        ...env,
      });
      servers.push(server);
      return server;
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server.kill("SIGTERM");
      await simulator.close();
      await pooler.close();
      await database.close();
    },
  };
}

async function readiness({ url }: ServerProcess): Promise<{ status: number; database: string }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, database: (await response.json()).database };
}

const countLines = (server: ServerProcess, pattern: RegExp) =>
  server.output().split("\n").filter((line) => pattern.test(line)).length;

programTest(
  [PGBOUNCER],
  "a pooler that admits four clients: the server settles with four, and exports work",
  async () => {
    await using here = await narrowScene(4);
    const server = await here.start({ DATABASE_POOL: "10" });
    await waitFor(() => server.output().includes("Finished backfill"), 60_000);
    assert.equal((await readiness(server)).status, 200);
    const series = ["1h", "4h", "1d"].map((interval) => `symbol=ETHUSDT&interval=${interval}`);
    const paths = series.flatMap((
      one,
    ) => [`/export?${one}`, `/charts?${one}`, `/api/candles?${one}`]);
    const answers = await Promise.all([...paths, "/status", "/markets"].map(async (path) => {
      const answer = await fetch(server.url + path);
      await answer.arrayBuffer();
      return `${answer.status} ${path}`;
    }));
    assert.deepEqual(answers.filter((line) => !line.startsWith("200")), []);
    const lines = server.output().split("\n").filter((line) => / warning | error /.test(line));
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(lines[0]!, /database allows 4 of the 10 .* no more connections allowed/);
  },
);

programTest(
  [PGBOUNCER],
  "a pooler without a free place: not ready with its reason, logged once, and ready when there is one",
  async () => {
    await using here = await narrowScene(4);
    const others = openDatabase({
      url: here.url,
      log: silent,
      maxConnections: 4,
      idleTimeoutMs: 0,
    });
    const loans: Loan[] = [];
    // The pooler may not yet have noticed that the scene's own connections have ended.
    await waitFor(async () => {
      const loan = await others.lend().catch(() => undefined);
      if (loan !== undefined) loans.push(loan);
      return loans.length === 4;
    }, 30_000);
    const server = await here.start();
    await waitFor(() => server.output().includes("no more connections"), 30_000);
    for (let n = 0; n < 3; n++) {
      const { status, database } = await readiness(server);
      assert.equal(status, 503);
      assert.match(database, /no more connections allowed \(max_client_conn\)/);
    }
    assert.equal(countLines(server, /no more connections/), 1, server.output());
    for (const loan of loans.splice(2)) loan.release({ isBroken: true });
    await waitFor(() => server.output().includes("Finished backfill"), 60_000);
    assert.equal((await readiness(server)).status, 200);
    assert.ok(countLines(server, /no more connections/) <= 2, server.output());
    for (const loan of loans) loan.release({ isBroken: true });
    await others.close();
  },
);

programTest(
  [PGBOUNCER],
  "two servers behind a pooler that admits four clients both settle and stay ready",
  async () => {
    await using here = await narrowScene(4);
    const servers = [await here.start(), await here.start()];
    for (const server of servers) {
      await waitFor(() => server.output().includes("Finished backfill"), 120_000);
      await waitFor(async () => (await readiness(server)).status === 200, 30_000);
    }
  },
);
