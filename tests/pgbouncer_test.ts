import assert from "node:assert/strict";
import { startSimulator } from "../packages/simulator/simulator.ts";
import { startPgBouncer } from "../lib/testing/pgbouncer.ts";
import { createTestDatabase, TEST_POOLER, testCluster } from "../lib/testing/postgres.ts";
import { PGBOUNCER, programTest } from "../lib/testing/programs.ts";
import { build, root, startServer, waitFor } from "../lib/testing/server_process.ts";

// wick through PgBouncer in transaction mode, where each transaction may have another server process.
const { url: clusterUrl } = await testCluster();
const STORE_TESTS = [
  "as_of",
  "cap_history_postgres",
  "chart_postgres",
  "export_parts",
  "export_postgres",
  "gap_scan",
  "klines_postgres",
  "market_caps_postgres",
  "read_postgres",
  "status_postgres",
  "terms_postgres",
  "traded_postgres",
].map((name) => `lib/store/postgres/${name}_test.ts`);

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
      await Deno.makeTempDir({ prefix: "wick-pooled-", dir: "/tmp" }),
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
