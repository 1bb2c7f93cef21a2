import assert from "node:assert/strict";
import { openCluster } from "../lib/store/cluster/embedded_cluster.ts";
import { openDatabase } from "../lib/store/postgres/connection/database.ts";
import { storedRows } from "../lib/testing/collector.ts";
import { silent, testCluster } from "../lib/testing/database/postgres.ts";
import { testUnless } from "../lib/testing/programs.ts";
import { build, startServer, waitFor } from "../lib/testing/server_process.ts";
import { needsMount, withSmallDisk } from "../lib/testing/database/small_disk.ts";
import { startSimulator } from "../packages/simulator/simulator.ts";

await build();
await testCluster();

const SERIES = { symbol: "BTCUSDT", interval: "5m" } as const;
const EXPORT = "/export?symbol=BTCUSDT&interval=5m";

testUnless(
  needsMount,
  "on a full disk collecting stops with one message, reading continues, and free space resumes it",
  () =>
    withSmallDisk(400, async (dataDir, fill) => {
      const simulator = await startSimulator({ since: Date.UTC(2025, 6, 1) });
      const server = await startServer({
        DATA_DIR: dataDir,
        SYMBOLS: SERIES.symbol,
        INTERVALS: SERIES.interval,
        BINANCE_URLS: simulator.url,
        COINGECKO_URL: simulator.url,
      });
      const ask = async (path: string) => {
        const response = await fetch(server.url + path);
        return { status: response.status, text: await response.text() };
      };
      const rows = async () =>
        (JSON.parse((await ask("/api/series")).text).series?.[0]?.rows ?? 0) as number;
      await waitFor(async () => await rows() >= 3_000, 60_000);
      await fill();
      await waitFor(async () => {
        const { status, text } = await ask("/readyz");
        return status === 503 && /0 MB free.*free some space/.test(JSON.parse(text).database);
      });
      await waitFor(() => /Cannot store candles/.test(server.output()), 60_000);
      const before = await rows();
      for (let n = 0; n < 5; n++) {
        for (const path of ["/charts?symbol=BTCUSDT&interval=5m", "/status", EXPORT, "/healthz"]) {
          assert.equal((await ask(path)).status, 200, path);
        }
      }
      assert.ok(!server.hasEnded());
      const total = simulator.candles(SERIES.symbol, SERIES.interval).length;
      assert.ok(before < total, "the disk was full before everything was stored");

      await Deno.remove(`${dataDir}/filling`);
      await waitFor(async () => (await ask("/readyz")).status === 200, 10_000);
      await waitFor(async () => await rows() >= total, 120_000);
      const output = server.output();
      assert.equal(output.match(/Cannot store candles/g)?.length, 1, output);
      assert.match(output, /Disk space is available again/);
      await server.kill("SIGTERM");
      const cluster = await openCluster(dataDir, silent);
      const db = openDatabase({ url: cluster.url, log: silent });
      const served = simulator.candles(SERIES.symbol, SERIES.interval).slice(0, total);
      const stored = (await storedRows(db, SERIES)).slice(0, total);
      assert.deepEqual(stored, served.map((row) => row.slice(0, 11)));
      await db.close();
      await cluster.release();
      await simulator.close();
    }),
);
