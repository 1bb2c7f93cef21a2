import assert from "node:assert/strict";
import { dirname } from "node:path";
import { silent } from "../../testing/database/postgres.ts";
import { waitFor } from "../../testing/server_process.ts";
import { testUnless } from "../../testing/programs.ts";
import { makeScratchFolder } from "../../testing/scratch_folder.ts";
import { openDatabase } from "../postgres/connection/database.ts";
import { type Cluster, openCluster, readPassword } from "./embedded_cluster.ts";

const dataDir = await makeScratchFolder("wick-cluster-");
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

Deno.test("openCluster() creates a PostgreSQL 18 on loopback, with a password readable only by its owner", async () => {
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

Deno.test("readPassword() gives concurrent first callers one password, also after an empty or partial file", async () => {
  for (const left of [undefined, "postgres.password", "postgres.password.part"]) {
    const root = await Deno.makeTempDir({ prefix: "wick-password-" });
    try {
      if (left) await Deno.writeTextFile(`${root}/${left}`, left.endsWith(".part") ? "0f3" : "");
      const found = await Promise.all(Array.from({ length: 20 }, () => readPassword(root)));
      assert.deepEqual([...new Set(found)], [await Deno.readTextFile(`${root}/postgres.password`)]);
      assert.match(found[0]!, /^[0-9a-f]{32}$/);
      const { mode } = await Deno.stat(`${root}/postgres.password`);
      assert.equal(mode! & 0o777, 0o600);
      await assert.rejects(() => Deno.stat(`${root}/postgres.password.part`), Deno.errors.NotFound);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  }
});

Deno.test("release() stops the server with its last user, and keeps the data", async () => {
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
    cwd: new URL("../../..", import.meta.url),
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

Deno.test("revive() restarts a killed server on its port without data loss", async () => {
  const cluster = await openCluster(dataDir, silent);
  const pid = await postmasterPid(cluster);
  Deno.kill(pid, "SIGKILL");
  await waitFor(async () => !(await isListening(cluster.url)));
  await cluster.revive();
  assert.deepEqual(await ask(cluster, "select answer from kept"), [{ answer: 42 }]);
  await cluster.release();
});

Deno.test("the server survives the terminal's Ctrl-C in its own session", async () => {
  const cluster = await openCluster(dataDir, silent);
  const pid = await postmasterPid(cluster);
  const session = async (id: number) =>
    (await Deno.readTextFile(`/proc/${id}/stat`)).split(") ").at(-1)!.split(" ")[3];
  assert.notEqual(await session(pid), await session(Deno.pid));
  await cluster.release();
});

/** A data folder inside one that other accounts cannot enter, such as a home of mode 0700. */
async function makeClosedFolder(): Promise<{ home: string; root: string }> {
  const home = await Deno.makeTempDir({ prefix: "wick-home-", dir: "/tmp" }); // mode 0700
  await Deno.mkdir(`${home}/data`);
  return { home, root: await Deno.realPath(`${home}/data`) };
}

for (const isClosed of [false, true]) {
  const where = isClosed ? "a folder that others cannot enter" : "an open folder";
  Deno.test(`openCluster() does not touch a cluster of another PostgreSQL, in ${where}`, async () => {
    const { home, root } = await makeClosedFolder();
    if (!isClosed) await Deno.chmod(home, 0o755);
    await Deno.mkdir(`${root}/postgres`);
    await Deno.writeTextFile(`${root}/postgres/PG_VERSION`, "15\n");
    await assert.rejects(() => openCluster(root, silent), {
      code: "store_unavailable",
      message: /created by PostgreSQL 15; nothing was changed/,
    });
    assert.equal(await Deno.readTextFile(`${root}/postgres/PG_VERSION`), "15\n");
    await Deno.remove(home, { recursive: true });
  });
}

const isRoot = Deno.uid() === 0;
const needsRoot = isRoot ? undefined : "only root runs PostgreSQL as another account";

testUnless(
  needsRoot,
  "a cluster is found again after its folder became accessible or inaccessible to the postgres account",
  async () => {
    const { home, root } = await makeClosedFolder();
    const first = await openCluster(root, silent);
    await ask(first, "create table kept as select 42 as answer");
    await first.release();
    assert.ok(!first.folder.startsWith(home), first.folder);

    await Deno.chmod(home, 0o755);
    const second = await openCluster(root, silent);
    assert.equal(second.folder, first.folder);
    assert.deepEqual(await ask(second, "select answer from kept"), [{ answer: 42 }]);
    await second.release();

    // its location after a start in an accessible folder
    await Deno.rename(first.folder, `${root}/postgres`);
    await Deno.remove(dirname(first.folder));
    const third = await openCluster(root, silent);
    assert.deepEqual(await ask(third, "select answer from kept"), [{ answer: 42 }]);
    await third.release();
    await Deno.chmod(home, 0o700);
    await assert.rejects(() => openCluster(root, silent), {
      code: "store_unavailable",
      message: /cannot reach that folder.*chmod o\+x.*nothing was changed/,
    });
    assert.equal(await Deno.stat(first.folder).then(() => true, () => false), false);
    await Deno.remove(home, { recursive: true });
  },
);

testUnless(
  needsRoot,
  "root runs a cluster that an ordinary user created as that user",
  async () => {
    const { home, root } = await makeClosedFolder();
    await Deno.chmod(home, 0o755);
    const made = await openCluster(root, silent);
    await ask(made, "create table kept as select 42 as answer");
    await made.release();
    const user = 54_321;
    await giveTo(home, user);
    await Deno.chmod(home, 0o700);
    const cluster = await openCluster(root, silent);
    const pid = await postmasterPid(cluster);
    assert.deepEqual(await ask(cluster, "select answer from kept"), [{ answer: 42 }]);
    assert.equal((await Deno.stat(`/proc/${pid}`)).uid, user);
    await cluster.release();
    await Deno.remove(home, { recursive: true });
  },
);

async function giveTo(path: string, user: number): Promise<void> {
  await Deno.chown(path, user, user);
  if (!(await Deno.lstat(path)).isDirectory) return;
  for await (const { name } of Deno.readDir(path)) await giveTo(`${path}/${name}`, user);
}

// Root can read everything, so this case does not exist for it.
if (!isRoot) {
  Deno.test("openCluster() creates no new cluster where another account's exists", async () => {
    const { home, root } = await makeClosedFolder();
    await Deno.mkdir(`${root}/postgres`);
    await Deno.writeTextFile(`${root}/postgres/PG_VERSION`, "18\n");
    await Deno.chmod(`${root}/postgres`, 0o000);
    await assert.rejects(() => openCluster(root, silent), {
      code: "store_unavailable",
      message: /belongs to another account/,
    });
    await Deno.chmod(`${root}/postgres`, 0o700);
    await Deno.remove(home, { recursive: true });
  });
}

Deno.test("server and client take nothing from the environment, and no password file remains", async () => {
  const hostile = {
    CMC_API_KEY: "secret-key",
    PGPORT: "1",
    PGDATESTYLE: "German",
    PGDATA: "/nowhere",
    LC_ALL: "de_DE.UTF-8",
    TZ: "Asia/Kolkata",
    PGCLIENTENCODING: "LATIN1",
    // Variables that the client would read.
    PGOPTIONS: "-c work_mem=1",
    PGSSLMODE: "require",
    PGDATABASE: "none",
    PGUSER: "none",
    PGPASSWORD: "none",
    PGHOST: "192.0.2.1",
    PGREPLICATION: "true",
    PGSSLNEGOTIATION: "direct",
    PGAPPNAME: "none",
    PGSERVICE: "none",
    PGSSLROOTCERT: "/nowhere",
    PGPASSFILE: "/nowhere",
  };
  const before = Object.keys(hostile).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(hostile)) Deno.env.set(name, value);
  const own = await makeScratchFolder("wick-env-");
  try {
    const cluster = await openCluster(own, silent);
    const pid = await postmasterPid(cluster);
    const environment = await Deno.readTextFile(`/proc/${pid}/environ`);
    for (const [name, value] of Object.entries(hostile)) {
      assert.ok(!environment.includes(`${name}=${value}`), environment);
    }
    const [row] = await ask<{ style: string }>(
      cluster,
      "select reset_val as style from pg_settings where name = 'DateStyle'",
    );
    assert.equal(row!.style, "ISO, MDY");
    const rules = await Deno.readTextFile(`${cluster.folder}/pg_hba.conf`);
    assert.ok(!rules.includes("trust"), rules);
    const wrong = { url: cluster.url.replace(/:[^:@]*@/, ":wrong@"), log: silent };
    const db = openDatabase(wrong);
    await assert.rejects(() => db.query("select 1"), /password/);
    await db.close();
    await cluster.release();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
    await Deno.remove(own, { recursive: true });
  }
});
