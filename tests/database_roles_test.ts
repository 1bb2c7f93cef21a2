import assert from "node:assert/strict";
import { openDatabase } from "../lib/store/postgres/connection/database.ts";
import { silent, testCluster } from "../lib/testing/database/postgres.ts";
import { findProgram, programTest, PSQL } from "../lib/testing/programs.ts";
import { build, startServer, waitFor } from "../lib/testing/server_process.ts";
import { startSimulator } from "../packages/simulator/simulator.ts";

const psql = findProgram(PSQL);
const { url: adminUrl } = await testCluster();

/** Runs the container's init script with other names, because the cluster is shared. */
async function makeRoles(suffix: string): Promise<void> {
  const path = new URL("../ops/postgres/roles.sql", import.meta.url);
  const sql = (await Deno.readTextFile(path)).replaceAll(/\bwick(_read)?\b/g, `wick$1_${suffix}`);
  const child = new Deno.Command(psql!, {
    args: [
      "--set=ON_ERROR_STOP=1",
      "--quiet",
      "--no-psqlrc",
      "--dbname",
      adminUrl,
      "--set=password=it's own",
      "--set=read_password=read only",
    ],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(sql));
  await writer.close();
  const { success, stderr } = await child.output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

function urlOf(role: string, password: string, database: string): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = encodeURIComponent(password);
  url.pathname = database;
  return url.href;
}

const open = (url: string) => openDatabase({ url, log: silent, idleTimeoutMs: 0 });

programTest(
  [PSQL],
  "wick works as an ordinary owner of its database, and pages and exports with a read-only role",
  async () => {
    await build();
    const suffix = crypto.randomUUID().slice(0, 8);
    const database = `wick_${suffix}`;
    const admin = open(adminUrl);
    await using simulator = await startSimulator({ since: Date.UTC(2026, 9, 1) });
    const dataDir = await Deno.makeTempDir({ prefix: "wick-roles-" });
    await makeRoles(suffix);
    const urls = {
      DATABASE_URL: urlOf(database, "it's own", database),
      DATABASE_READ_URL: urlOf(`wick_read_${suffix}`, "read only", database),
    };
    const server = await startServer({
      ...urls,
      DATA_DIR: dataDir,
      SYMBOLS: "BTCUSDT",
      INTERVALS: "1h",
      BINANCE_URLS: simulator.url,
      COINGECKO_URL: simulator.url,
    });
    const [owner, reader] = [open(urls.DATABASE_URL), open(urls.DATABASE_READ_URL)];
    try {
      await waitFor(async () => {
        const { series } = await (await fetch(`${server.url}/api/series`)).json();
        return series[0]?.rows > 1_000;
      });
      const range = "symbol=BTCUSDT&interval=1h";
      for (const path of ["/charts", "/status", "/markets", `/export?${range}`, "/readyz"]) {
        const response = await fetch(server.url + path);
        assert.equal(response.status, 200, path);
        await response.body?.cancel();
      }
      // The role is used once its connection is known to be as current as the owner's.
      await waitFor(async () => {
        await (await fetch(`${server.url}/api/series`)).body?.cancel();
        const [used] = await admin.query<{ count: number }>(
          "select count(*)::int as count from pg_stat_activity where usename = $1 and query ~ 'series'",
          [`wick_read_${suffix}`],
        );
        return used!.count > 0;
      });
      for (
        const sql of ["delete from klines", "create table t ()", "update series set version = 0"]
      ) {
        await assert.rejects(reader.query(sql), /permission denied|read-only/, sql);
      }
      for (const sql of ["create role boss superuser", "copy klines to program 'true'"]) {
        await assert.rejects(owner.query(sql), /permission denied/, sql);
      }
      await assert.rejects(owner.query("set role wick"), /permission denied/);
    } finally {
      await server.kill("SIGTERM");
      await Promise.all([owner.close(), reader.close()]);
      await admin.query(`drop database ${database} with (force)`);
      await admin.query(`drop role ${database}, wick_read_${suffix}`);
      await admin.close();
      await Deno.remove(dataDir, { recursive: true });
    }
  },
);
