import { setTimeout as pause } from "node:timers/promises";
import { type Db, openDatabase } from "../../lib/store/postgres/connection/database.ts";
import { silent } from "../../lib/testing/database/postgres.ts";
import { launch, startServer } from "../../lib/testing/server_process.ts";
import { type Fault, needsLinux } from "./fault.ts";
import { withStore } from "./invariants.ts";
import { end, onPort, type Stage } from "./stage.ts";

const EXHAUSTED_MS = 6_000;
const FEW = 3;

/** A database account of wick limited to `limit` connections. */
async function limitedUrl(stage: Stage, limit: number): Promise<string> {
  const url = (await stage.storeUrl())!;
  const name = "wick_limited";
  await withStore(url, async (db) => {
    await db.query(`create role ${name} login password 'limited' connection limit ${limit}`);
    await db.query(`grant create, connect on database wick to ${name}`);
    await db.query(`grant all on schema public to ${name}`);
  });
  const own = new URL(onPort(url, stage.database.port));
  own.username = name;
  own.password = "limited";
  return own.href;
}

/** Takes all connections of the account, after ending those that wick has. */
async function takeAll(url: string, count: number): Promise<Db[]> {
  const taken: Db[] = [];
  for (let i = 0; i < count; i++) {
    const db = openDatabase({ url, log: silent, maxConnections: 1, idleTimeoutMs: 0 });
    await db.query("select 1").catch(() => {});
    taken.push(db);
  }
  return taken;
}

export const SHARED_FAULTS: readonly Fault[] = [
  {
    name: "connections-exhausted",
    does: "another client takes all connections of wick's account and ends wick's own, for 6 s",
    proves: "503 with the reason until connections are available again",
    database: "server",
    async strike(stage) {
      const limit = 10;
      const url = await limitedUrl(stage, limit);
      stage.env["DATABASE_URL"] = url;
      await stage.startAndCollect();
      const admin = (await stage.storeUrl())!;
      const endOwn = () =>
        withStore(admin, (db) =>
          db.query(
            "select pg_terminate_backend(pid) from pg_stat_activity " +
              "where usename = 'wick_limited' and application_name is distinct from 'taken'",
          ));
      const direct = onPort(url, Number(new URL(admin).port)) + "?application_name=taken";
      await endOwn();
      const taken = await takeAll(direct, limit);
      await endOwn();
      const more = await takeAll(direct, limit);
      await pause(EXHAUSTED_MS);
      await Promise.all([...taken, ...more].map((db) => db.close()));
      stage.mended();
    },
  },
  {
    name: "connections-few",
    does: `an account with ${FEW} connections from the start`,
    proves: "wick works with the connections it gets",
    database: "server",
    async strike(stage) {
      stage.env["DATABASE_URL"] = await limitedUrl(stage, FEW);
      await stage.start();
      stage.mended();
    },
  },
  {
    name: "two-processes",
    does: "two processes start on one DATA_DIR at the same time; one of them is killed",
    proves: "they share the cluster and the work; the other one continues",
    database: "embedded",
    missing: needsLinux,
    async strike(stage) {
      const other = startServer(stage.settings);
      await stage.start();
      const second = await other;
      await stage.pauseUpTo(4_000);
      await stage.remember();
      if (stage.random.below(2) === 0) {
        await second.kill("SIGKILL");
        return;
      }
      await stage.kill("SIGKILL");
      const survivor = await fetch(`${second.url}/readyz`);
      if (survivor.status !== 200) stage.problems.push(`the survivor says ${survivor.status}`);
      await stage.start();
      await second.kill("SIGTERM");
    },
  },
  {
    name: "kill-upgrade",
    does: "SIGKILL during an upgrade of the cluster, twice, then a complete upgrade",
    proves: "an interrupted upgrade leaves the old cluster unchanged",
    database: "embedded",
    missing: needsLinux,
    async strike(stage) {
      await stage.startAndCollect(8_000);
      await stage.remember();
      await stage.kill("SIGTERM");
      const args = ["bench/chaos/carry_over_again.ts", stage.folder.path];
      for (let i = 0; i < 2; i++) {
        const child = launch({ env: {}, args });
        await stage.pauseUpTo(5_000);
        child.signal("SIGKILL");
        for (const pid of await stage.postgresPids()) end(pid);
        await child.ended;
      }
      const last = launch({ env: {}, args });
      const code = await last.ended;
      if (code !== 0) stage.problems.push(`the upgrade failed: ${last.output().trim()}`);
    },
  },
];
