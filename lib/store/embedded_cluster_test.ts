import assert from "node:assert/strict";
import { silent } from "../testing/postgres.ts";
import { openDatabase } from "./database.ts";
import { type Cluster, openCluster } from "./embedded_cluster.ts";

const dataDir = await Deno.makeTempDir({ prefix: "wick-cluster-", dir: "/tmp" });
await Deno.chmod(dataDir, 0o755); // as a folder in a home that others may enter
Deno.test.afterAll(() => Deno.remove(dataDir, { recursive: true }));

async function ask<Row>({ url }: Cluster, sql: string): Promise<Row[]> {
  const db = openDatabase({ url, log: silent });
  try {
    return await db.query<Row>(sql);
  } finally {
    await db.close();
  }
}

const isListening = (url: string) =>
  Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) })
    .then((connection) => (connection.close(), true), () => false);

async function postmasterPid(cluster: Cluster): Promise<number> {
  const [row] = await ask<{ dir: string }>(cluster, "select current_setting('data_directory') dir");
  return Number((await Deno.readTextFile(`${row!.dir}/postmaster.pid`)).split("\n")[0]);
}

Deno.test("openCluster() makes a PostgreSQL 18 of our own on loopback, its password for us alone", async () => {
  const cluster = await openCluster(dataDir, silent);
  const [row] = await ask<Record<string, string>>(
    cluster,
    `select current_setting('server_version_num')::int / 10000 as major,
       current_setting('listen_addresses') as listen, current_setting('timezone') as zone,
       current_setting('fsync') as fsync, current_database() as name`,
  );
  assert.deepEqual({ ...row }, {
    major: 18,
    listen: "127.0.0.1",
    zone: "UTC",
    fsync: "on",
    name: "wick",
  });
  const { mode } = await Deno.stat(`${dataDir}/postgres.password`);
  assert.equal(mode! & 0o777, 0o600);
  await cluster.release();
  assert.equal(await isListening(cluster.url), false);
});

Deno.test("release() stops the server with its last user, not before; data stay", async () => {
  const first = await openCluster(dataDir, silent);
  await ask(first, "create table kept as select 42 as answer");
  const second = await openCluster(dataDir, silent);
  assert.equal(second.url, first.url);
  await first.release();
  assert.equal(await isListening(second.url), true);
  await second.release();
  assert.equal(await isListening(second.url), false);
  const third = await openCluster(dataDir, silent);
  assert.deepEqual(await ask(third, "select answer from kept"), [{ answer: 42 }]);
  await third.release();
});

Deno.test("openCluster() adopts the server of a process that was killed", async () => {
  const script = `
    import { openCluster } from ${JSON.stringify(import.meta.resolve("./embedded_cluster.ts"))};
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const { url } = await openCluster(${JSON.stringify(dataDir)}, log);
    console.log(url);
    await new Promise(() => setInterval(() => {}, 1000));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", script],
    stdout: "piped",
    cwd: new URL("../..", import.meta.url),
  }).spawn();
  const reader = child.stdout.getReader();
  const url = new TextDecoder().decode((await reader.read()).value).trim();
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  assert.equal(await isListening(url), true);
  const cluster = await openCluster(dataDir, silent);
  assert.equal(cluster.url, url);
  await cluster.release();
  assert.equal(await isListening(url), false);
});

Deno.test("revive() brings the server back on its port after it was killed, nothing lost", async () => {
  const cluster = await openCluster(dataDir, silent);
  const pid = await postmasterPid(cluster);
  Deno.kill(pid, "SIGKILL");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await isListening(cluster.url), false);
  await cluster.revive();
  assert.deepEqual(await ask(cluster, "select answer from kept"), [{ answer: 42 }]);
  await cluster.release();
});

Deno.test("the server survives the terminal's Ctrl-C: it has a session of its own", async () => {
  const cluster = await openCluster(dataDir, silent);
  const pid = await postmasterPid(cluster);
  const session = async (id: number) =>
    (await Deno.readTextFile(`/proc/${id}/stat`)).split(") ").at(-1)!.split(" ")[3];
  assert.notEqual(await session(pid), await session(Deno.pid));
  await cluster.release();
});

Deno.test("openCluster() leaves a cluster of another PostgreSQL alone and says so", async () => {
  const old = await Deno.makeTempDir({ prefix: "wick-old-", dir: "/tmp" });
  await Deno.chmod(old, 0o755);
  await Deno.mkdir(`${old}/postgres`);
  await Deno.writeTextFile(`${old}/postgres/PG_VERSION`, "15\n");
  await assert.rejects(() => openCluster(old, silent), {
    code: "store_unavailable",
    message: /made by PostgreSQL 15; nothing was changed/,
  });
  assert.equal(await Deno.readTextFile(`${old}/postgres/PG_VERSION`), "15\n");
  await Deno.remove(old, { recursive: true });
});
