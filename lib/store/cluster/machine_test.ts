import assert from "node:assert/strict";
import { join } from "node:path";
import { silent } from "../../testing/database/postgres.ts";
import { openFileKv } from "../kv/file_kv.ts";
import { readMachine } from "./machine.ts";

const EMBEDDED = { kind: "embedded" } as const;

Deno.test("readMachine() reports keys and bytes of KV, and free space on its disk", async () => {
  const dataDir = await Deno.makeTempDir();
  const path = join(dataDir, "kv.sqlite3");
  const { kv, file } = openFileKv(path, { log: silent, now: Date.now });
  for (const name of ["a", "b", "c"]) await kv.set([name], 1);
  const machine = await readMachine({ database: EMBEDDED, dataDir, isHosted: false }, { kv, file });
  assert.ok("keys" in machine.kv && machine.kv.keys === 3 && machine.kv.bytes! > 0);
  assert.ok(machine.disk!.freeBytes > 0 && machine.disk!.freeBytes < machine.disk!.totalBytes);
  assert.match(machine.runtime, /^Deno \d/);
  const hosted = await readMachine({ database: EMBEDDED, dataDir, isHosted: true }, { kv });
  assert.equal(hosted.disk, undefined);
  assert.deepEqual(hosted.kv, { keys: 3, bytes: undefined });
  kv.close();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("readMachine() reports why there is no KV, and omits an absent disk", async () => {
  const places = { database: EMBEDDED, dataDir: "/nowhere/at/all", isHosted: false };
  const machine = await readMachine(places, { error: "Cannot open Deno KV: locked" });
  assert.deepEqual(machine.kv, { error: "Cannot open Deno KV: locked" });
  assert.equal(machine.disk, undefined);
});
