import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { silent } from "../../testing/database/postgres.ts";
import { testUnless } from "../../testing/programs.ts";
import { needsMount, withSmallDisk } from "../../testing/database/small_disk.ts";
import { openFileKv } from "./file_kv.ts";

/** A folder, KV in a file inside it, and the log. */
async function scene(folder?: string) {
  const own = folder ?? await Deno.makeTempDir({ prefix: "wick-kv-" });
  const path = `${own}/kv.sqlite3`;
  const warnings: string[] = [];
  const clock = { now: Date.now() };
  const log = { ...silent, warn: (message: string) => void warnings.push(message) };
  const open = () => openFileKv(path, { log, now: () => clock.now });
  return { folder: own, path, warnings, clock, open };
}

async function works({ kv }: ReturnType<typeof openFileKv>): Promise<void> {
  await kv.set(["probe"], { of: "KV" });
  assert.deepEqual((await kv.get(["probe"])).value, { of: "KV" });
}

Deno.test("a file holds entries for every process and over restarts, in order, until they expire", async () => {
  const { open, clock, folder } = await scene();
  const [a, b] = [open(), open()];
  await a.kv.set(["list", "b"], 2);
  await a.kv.set(["list", "a"], { one: [1] }, { expireIn: 1_000 });
  await a.kv.set(["listed"], 3);
  const entries = await Array.fromAsync(b.kv.list({ prefix: ["list"] }));
  assert.deepEqual(entries.map(({ key, value }) => [key, value]), [
    [["list", "a"], { one: [1] }],
    [["list", "b"], 2],
  ]);
  assert.ok(entries[0]!.versionstamp > entries[1]!.versionstamp);
  a.kv.close();
  b.kv.close();
  const c = open();
  assert.equal((await c.kv.get(["listed"])).value, 3);
  clock.now += 1_001;
  assert.deepEqual(await c.kv.get(["list", "a"]), {
    key: ["list", "a"],
    value: null,
    versionstamp: null,
  });
  await c.kv.delete(["listed"]);
  assert.equal((await Array.fromAsync(c.kv.list({ prefix: [] }))).length, 1);
  c.kv.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("atomic() commits nothing when an entry has changed since it was read", async () => {
  const { open, folder } = await scene();
  const [a, b] = [open().kv, open().kv];
  const first = await a.get(["x"]);
  assert.equal((await b.atomic().check(first).set(["x"], "b").commit()).ok, true);
  assert.equal((await a.atomic().check(first).set(["x"], "a").commit()).ok, false);
  const second = await a.get(["x"]);
  assert.equal(second.value, "b");
  assert.equal((await a.atomic().check(second).delete(["x"]).commit()).ok, true);
  assert.equal((await b.atomic().check(second).set(["x"], "b").commit()).ok, false);
  assert.equal((await b.get(["x"])).value, null);
  a.close();
  b.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("counts of two processes at once lose nothing", async () => {
  const { open, folder } = await scene();
  const stores = [open().kv, open().kv, open().kv];
  await Promise.all(stores.map(async (kv) => {
    for (let n = 0; n < 100; n++) {
      while (true) {
        const entry = await kv.get<number>(["n"]);
        const write = kv.atomic().check(entry).set(["n"], (entry.value ?? 0) + 1);
        if ((await write.commit()).ok) break;
      }
      await Promise.resolve();
    }
  }));
  assert.equal((await stores[0]!.get(["n"])).value, 300);
  for (const kv of stores) kv.close();
  await Deno.remove(folder, { recursive: true });
});

/** Ways in which a file can be unusable. */
const DAMAGES: Record<string, (path: string) => Promise<void>> = {
  garbage: (path) => Deno.writeFile(path, crypto.getRandomValues(new Uint8Array(9_000))),
  text: (path) => Deno.writeTextFile(path, "not a database"),
  "half a file": async (path) => {
    const { kv } = openFileKv(path, { log: silent, now: Date.now });
    for (let n = 0; n < 50; n++) await kv.set(["x", n], "x".repeat(1_000));
    kv.close();
    await Deno.truncate(path, 9_000);
  },
  "a damaged page": async (path) => {
    const { kv } = openFileKv(path, { log: silent, now: Date.now });
    for (let n = 0; n < 50; n++) await kv.set(["x", n], "x".repeat(1_000));
    kv.close();
    using file = await Deno.open(path, { write: true });
    await file.seek(8_192, Deno.SeekMode.Start);
    await file.write(crypto.getRandomValues(new Uint8Array(20_000)));
  },
  "a folder": (path) => Deno.mkdir(`${path}/with/content`, { recursive: true }),
  "a newer format": (path) => {
    const db = new DatabaseSync(path);
    db.exec("pragma user_version = 999; create table entries (other text)");
    db.close();
    return Promise.resolve();
  },
  "a file of Deno KV": async (path) => {
    const kv = await Deno.openKv(path);
    await kv.set(["x"], 1);
    kv.close();
  },
  "a file that may not be read": async (path) => {
    await Deno.writeTextFile(path, "");
    await Deno.chmod(path, 0);
  },
};

for (const [name, damage] of Object.entries(DAMAGES)) {
  if (name.includes("may not be read") && Deno.uid() === 0) continue; // root can read every file
  Deno.test(
    `${name} in place of the file is renamed and replaced, with one log line`,
    async () => {
      const { open, path, folder, warnings } = await scene();
      await damage(path);
      const store = open();
      await works(store);
      assert.equal(store.file.problem(), undefined);
      assert.equal(warnings.length, 1, warnings.join("\n"));
      assert.match(
        warnings[0]!,
        /kv\.sqlite3 cannot be used: .*renamed to .*\.damaged and replaced/,
      );
      assert.ok(await Deno.lstat(`${path}.damaged`));
      store.kv.close();
      const again = open();
      assert.deepEqual((await again.kv.get(["probe"])).value, { of: "KV" });
      assert.equal(warnings.length, 1);
      again.kv.close();
      await Deno.remove(folder, { recursive: true });
    },
  );
}

Deno.test("a file of zero bytes is an empty store", async () => {
  const { open, path, folder, warnings } = await scene();
  await Deno.writeFile(path, new Uint8Array());
  const store = open();
  await works(store);
  assert.deepEqual(warnings, []);
  store.kv.close();
  await Deno.remove(folder, { recursive: true });
});

for (
  const [name, damage] of Object.entries({
    deleted: (path: string) => Deno.remove(path),
    "overwritten with garbage": (path: string) =>
      Deno.writeFile(path, crypto.getRandomValues(new Uint8Array(30_000))),
    "cut to nothing": (path: string) => Deno.truncate(path, 0),
    "replaced by a folder": async (path: string) => {
      await Deno.remove(path);
      await Deno.mkdir(path);
    },
  })
) {
  Deno.test(`a file that is ${name} while in use is replaced`, async () => {
    const { open, path, folder } = await scene();
    const [a, b] = [open(), open()];
    await works(a);
    await works(b);
    await damage(path);
    for (const store of [a, b, a]) await works(store);
    await a.kv.set(["shared"], 1);
    assert.equal((await b.kv.get(["shared"])).value, 1);
    assert.ok((await Deno.stat(path)).isFile);
    a.kv.close();
    b.kv.close();
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("processes that open a new file concurrently all use it", async () => {
  const { path, folder } = await scene();
  const workers = Array.from({ length: 4 }, () => startOpener());
  await Promise.all(workers.map(({ isReady }) => isReady));
  const problems = await Promise.all(workers.map(({ open }) => open(path, 20)));
  assert.deepEqual(problems.flat(), []);
  assert.deepEqual((await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).toSorted(), [
    "kv.sqlite3",
    "kv.sqlite3-journal",
  ]);
  for (const { worker } of workers) worker.terminate();
  await Deno.remove(folder, { recursive: true });
});

/** A thread that opens and closes KV files; `open` resolves with the log. */
function startOpener() {
  const source = `
    import { openFileKv } from ${JSON.stringify(import.meta.resolve("./file_kv.ts"))};
    self.onmessage = ({ data: { path, times } }) => {
      const logged = [];
      const log = { debug() {}, info() {}, error() {}, warn: (text) => logged.push(text) };
      for (let n = 0; n < times; n++) openFileKv(path, { log, now: Date.now }).kv.close();
      self.postMessage(logged);
    };
    self.postMessage("ready");`;
  const url = `data:text/javascript,${encodeURIComponent(source)}`;
  const worker = new Worker(url, { type: "module" });
  const next = <T>() =>
    new Promise<T>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
  return {
    worker,
    isReady: next<string>(),
    open(path: string, times: number) {
      const answer = next<string[]>();
      worker.postMessage({ path, times });
      return answer;
    },
  };
}

Deno.test("while another program locks the file, entries are kept in memory", async () => {
  const { open, path, folder, clock, warnings } = await scene();
  const store = open();
  await works(store);
  const other = new DatabaseSync(path);
  other.exec("begin exclusive");
  await works(store);
  assert.match(store.file.problem()!, /locked/);
  assert.equal(warnings.length, 1);
  await store.kv.set(["kept"], 1);
  other.exec("rollback");
  other.close();
  clock.now += 10_000;
  await works(store);
  assert.equal(store.file.problem(), undefined);
  const second = open();
  assert.equal((await second.kv.get(["kept"])).value, 1);
  for (const { kv } of [store, second]) kv.close();
  await Deno.remove(folder, { recursive: true });
});

testUnless(
  needsMount,
  "a full disk moves entries to memory, and free space moves them back",
  async () => {
    await withSmallDisk(4, async (folder, fill) => {
      const { open, clock, warnings } = await scene(folder);
      const store = open();
      await store.kv.set(["before"], 1);
      await fill();
      for (let n = 0; n < 200; n++) await store.kv.set(["n", n], "x".repeat(1_000));
      assert.match(store.file.problem()!, /full/);
      assert.equal((await store.kv.get(["before"])).value, 1);
      assert.equal((await store.kv.get(["n", 199])).value, "x".repeat(1_000));
      clock.now += 10_000;
      await works(store);
      assert.match(store.file.problem()!, /full/);
      assert.equal(warnings.length, 1, warnings.join("\n"));
      for (let n = 1; n < 200; n++) await store.kv.delete(["n", n]);
      await Deno.remove(`${folder}/filling`);
      clock.now += 10_000;
      await works(store);
      assert.equal(store.file.problem(), undefined);
      const second = open();
      assert.equal((await second.kv.get(["n", 0])).value, "x".repeat(1_000));
      for (const { kv } of [store, second]) kv.close();
    });
  },
);

testUnless(
  needsMount,
  "on a read-only disk entries are kept in memory until it is writable",
  async () => {
    await withSmallDisk(4, async (folder, _, remount) => {
      const { open, clock, warnings } = await scene(folder);
      open().kv.close();
      await remount("ro");
      const store = open();
      await works(store);
      assert.match(store.file.problem()!, /read-only/);
      assert.match(warnings.join(), /^Cannot use the KV file .*read-only[^,]*; .*in memory until/);
      await remount("rw");
      clock.now += 10_000;
      await works(store);
      assert.equal(store.file.problem(), undefined);
      store.kv.close();
    });
  },
);
