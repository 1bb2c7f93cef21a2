import assert from "node:assert/strict";
import { manualClock } from "../../../testing/clock.ts";
import { klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { silent } from "../../../testing/database/postgres.ts";
import { startReplica } from "../../../testing/database/replica.ts";
import { makeScratchFolder } from "../../../testing/scratch_folder.ts";
import { waitFor } from "../../../testing/server_process.ts";
import { openDatabase } from "./database.ts";
import { openCluster } from "../../cluster/embedded_cluster.ts";
import { createKlineExporter } from "../reading/export_postgres.ts";
import { createKlineStore } from "../writing/klines_postgres.ts";
import { migrate } from "../migrate.ts";
import { createReadDatabase, type Servers } from "./read_database.ts";
import { createRunLedger } from "../status/runs_postgres.ts";

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

/** A primary with 1000 stored candles, and a streaming replica of it. */
async function openStage() {
  const dataDir = await makeScratchFolder("wick-primary-");
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
  return {
    primary,
    replica,
    server,
    clock,
    reads: createReadDatabase(primary, replica, { now: clock.now, log: silent }),
    writeMore: () => store.write(btc, klines.slice(1_000), run),
    async closePrimary() {
      await primary.close();
      await cluster.release();
    },
    async close() {
      await replica.close();
      await server.close();
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}

type Stage = Awaited<ReturnType<typeof openStage>>;

const IS_REPLICA = "select pg_is_in_recovery() as yes";

async function readsReplica({ clock, reads }: Stage): Promise<boolean> {
  clock.set(clock.now() + 6_000); // an older measurement is not used
  return (await reads.db.query<{ yes: boolean }>(IS_REPLICA))[0]!.yes;
}

async function exportedLines({ db, exports }: Servers): Promise<string> {
  const query = { series: [btc], format: "csv" } as const;
  const open = await createKlineExporter(db, exports).open(query);
  const text = await new Response(open.lines(0, LAYOUT)).text();
  await open.close();
  return text;
}

async function readsReplicaWhileItKeepsUp(stage: Stage): Promise<void> {
  const { primary, replica, reads } = stage;
  await waitFor(() => readsReplica(stage), 60_000);
  await stage.writeMore();
  const count = "select row_count from series";
  await waitFor(
    async () => (await replica.db.query<{ row_count: number }>(count))[0]!.row_count === 2_000,
    60_000,
  );
  assert.deepEqual(await exportedLines(reads), await exportedLines(primary));
  const loan = await reads.exports.lend();
  const [where] = await loan.query<{ yes: boolean }>(IS_REPLICA);
  const [same] = await loan.server!.query<{ yes: boolean }>(IS_REPLICA);
  loan.release({ isBroken: false });
  assert.deepEqual([where!.yes, same!.yes], [true, true]);
}

async function avoidsReplicaWhileItLags(stage: Stage): Promise<void> {
  const { primary, replica, reads } = stage;
  await replica.db.query("select pg_wal_replay_pause()");
  await waitFor(async () => {
    const sql = "select pg_get_wal_replay_pause_state() as state";
    return (await replica.db.query<{ state: string }>(sql))[0]!.state === "paused";
  });
  await primary.db.query("create table news (id integer)");
  await waitFor(async () => !await readsReplica(stage), 60_000);
  assert.ok(reads.lagMs()! > 10_000, `${reads.lagMs()}`);
  await reads.db.query("select * from news");
  await replica.db.query("select pg_wal_replay_resume()");
  await waitFor(() => readsReplica(stage), 60_000);
  assert.equal(reads.lagMs(), 0);
}

async function readsPrimaryWithoutReplica(stage: Stage): Promise<void> {
  const { reads, server } = stage;
  await server.stop();
  assert.equal((await reads.db.query<{ yes: boolean }>(IS_REPLICA))[0]!.yes, false);
  assert.equal(await readsReplica(stage), false);
  assert.equal(reads.lagMs(), Infinity);
  await server.start();
  await waitFor(() => readsReplica(stage), 60_000);
}

Deno.test("reads go to a streaming replica while it keeps up, otherwise to the primary", async (t) => {
  const stage = await openStage();
  await t.step(
    "pages and exports read from a replica that keeps up",
    () => readsReplicaWhileItKeepsUp(stage),
  );
  await t.step(
    "a replica that lags is not used until it has caught up",
    () => avoidsReplicaWhileItLags(stage),
  );
  await t.step(
    "without the replica every read succeeds; it is used again when it is back",
    () => readsPrimaryWithoutReplica(stage),
  );
  await t.step("the replica is used while the primary is unreachable", async () => {
    await stage.closePrimary();
    assert.equal(await readsReplica(stage), true);
  });
  await stage.close();
});
