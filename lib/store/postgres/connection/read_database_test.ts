import assert from "node:assert/strict";
import { manualClock } from "../../../testing/clock.ts";
import { klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { silent } from "../../../testing/postgres.ts";
import { startReplica } from "../../../testing/replica.ts";
import { waitFor } from "../../../testing/server_process.ts";
import { openDatabase } from "./database.ts";
import { openCluster } from "../../cluster/embedded_cluster.ts";
import { createKlineExporter } from "../export_postgres.ts";
import { createKlineStore } from "../klines_postgres.ts";
import { migrate } from "../migrate.ts";
import { createReadDatabase, type Servers } from "./read_database.ts";
import { createRunLedger } from "../runs_postgres.ts";

const btc = { symbol: "BTCUSDT", interval: "1h" } as const;

const LAYOUT = { format: "csv", time: "iso", isNamed: false, hasHeader: true } as const;

function openServers(url: string): Servers & { close(): Promise<void> } {
  const own = { url, log: silent, idleTimeoutMs: 0 };
  const db = openDatabase(own);
  const exports = openDatabase({ ...own, maxConnections: 2 });
  return {
    db,
    heavy: db,
    exports,
    close: async () => void await Promise.all([db.close(), exports.close()]),
  };
}

Deno.test("reads go to a streaming replica while it keeps up, and to the primary while not", async (t) => {
  const dataDir = await Deno.makeTempDir({ prefix: "wick-primary-", dir: "/tmp" });
  await Deno.chmod(dataDir, 0o755);
  const cluster = await openCluster(dataDir, silent);
  const primary = openServers(cluster.url);
  await migrate(primary.db, new URL("../../../../migrations/", import.meta.url));
  const store = createKlineStore(primary.db);
  const run = await createRunLedger(primary.db).start("test", "rest");
  await store.saveSymbols([marketSymbol("BTCUSDT")]);
  const klines = klinesFrom("2024-01-01", "1h", 2_000);
  await store.write(btc, klines.slice(0, 1_000), run);

  const [row] = await primary.db.query<{ data: string }>(
    "select current_setting('data_directory') as data",
  );
  const server = await startReplica(cluster.url, row!.data);
  const replica = openServers(server.url);
  const clock = manualClock(0);
  const reads = createReadDatabase(primary, replica, { now: clock.now, log: silent });
  const isReplica = async () => {
    clock.set(clock.now() + 6_000); // any older measure is not acted upon
    const sql = "select pg_is_in_recovery() as yes";
    return (await reads.db.query<{ yes: boolean }>(sql))[0]!.yes;
  };

  await t.step("one that keeps up answers, for pages and for exports", async () => {
    await waitFor(isReplica, 60_000);
    await store.write(btc, klines.slice(1_000), run);
    const count = "select row_count from series";
    await waitFor(
      async () => (await replica.db.query<{ row_count: number }>(count))[0]!.row_count === 2_000,
      60_000,
    );
    const lines = async (servers: Servers) => {
      const query = { series: [btc], format: "csv" } as const;
      const open = await createKlineExporter(servers.db, servers.exports).open(query);
      const text = await new Response(open.lines(0, LAYOUT)).text();
      await open.close();
      return text;
    };
    assert.deepEqual(await lines(reads), await lines(primary));
    const loan = await reads.exports.lend();
    const [where] = await loan.query<{ yes: boolean }>("select pg_is_in_recovery() as yes");
    const [same] = await loan.server!.query<{ yes: boolean }>("select pg_is_in_recovery() as yes");
    loan.release({ isBroken: false });
    assert.deepEqual([where!.yes, same!.yes], [true, true]);
  });

  await t.step("one that lags is left alone until it has caught up", async () => {
    await replica.db.query("select pg_wal_replay_pause()");
    await waitFor(async () => {
      const sql = "select pg_get_wal_replay_pause_state() as state";
      return (await replica.db.query<{ state: string }>(sql))[0]!.state === "paused";
    });
    await primary.db.query("create table news (id integer)");
    await waitFor(async () => !await isReplica(), 60_000);
    assert.ok(reads.lagMs()! > 10_000, `${reads.lagMs()}`);
    await reads.db.query("select * from news");
    await replica.db.query("select pg_wal_replay_resume()");
    await waitFor(isReplica, 60_000);
    assert.equal(reads.lagMs(), 0);
  });

  await t.step("one that is gone costs no answer, and is used again when it is back", async () => {
    await server.stop();
    const sql = "select pg_is_in_recovery() as yes";
    assert.equal((await reads.db.query<{ yes: boolean }>(sql))[0]!.yes, false);
    assert.equal(await isReplica(), false);
    assert.equal(reads.lagMs(), Infinity);
    await server.start();
    await waitFor(isReplica, 60_000);
  });

  await t.step("it serves on while the primary is gone", async () => {
    await primary.close();
    await cluster.release();
    assert.equal(await isReplica(), true);
  });

  await replica.close();
  await server.close();
  await Deno.remove(dataDir, { recursive: true });
});
