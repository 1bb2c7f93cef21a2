import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Fault } from "./fault.ts";
import type { Stage } from "./stage.ts";

/** Deno KV's file and SQLite's files next to it. */
const FILES = ["kv.sqlite3", "kv.sqlite3-wal", "kv.sqlite3-shm"];
const BROKEN_MS = 5_000;

async function deleteKv({ folder }: Stage): Promise<void> {
  for (const name of FILES) await Deno.remove(join(folder.path, name)).catch(() => {});
}

/** Overwrites a random half of the pages of the database and its log, including the first ones. */
async function corruptKv({ folder, random }: Stage): Promise<void> {
  for (const name of FILES.slice(0, 2)) {
    const path = join(folder.path, name);
    const { size } = await Deno.stat(path).catch(() => ({ size: 0 }));
    using file = await Deno.open(path, { write: true, create: true });
    const page = Uint8Array.from({ length: 4_096 }, () => random.below(256));
    for (let at = 0; at < Math.max(size, page.length); at += page.length) {
      if (at > 0 && random.below(2) === 0) continue;
      await file.seek(at, Deno.SeekMode.Start);
      await file.write(page);
    }
  }
}

/** Starts wick on a KV file that was damaged while it was stopped. */
async function breakWhileDown(stage: Stage, work: (stage: Stage) => Promise<void>): Promise<void> {
  await stage.startAndCollect();
  await stage.kill("SIGTERM");
  await work(stage);
}

async function breakWhileRunning(stage: Stage, work: (stage: Stage) => Promise<void>) {
  await stage.startAndCollect();
  await work(stage);
  await pause(BROKEN_MS);
  if (stage.server.hasEnded()) stage.problems.push("wick ended when its KV broke");
}

export const KV_FAULTS: readonly Fault[] = [
  {
    name: "kv-deleted-down",
    does: "the file of Deno KV is deleted between two starts",
    proves: "KV holds nothing that cannot be rebuilt",
    database: "embedded",
    strike: (stage) => breakWhileDown(stage, deleteKv),
  },
  {
    name: "kv-deleted-running",
    does: "the file of Deno KV is deleted while wick is running",
    proves: "the same, without a restart",
    database: "embedded",
    strike: (stage) => breakWhileRunning(stage, deleteKv),
  },
  {
    name: "kv-corrupt-down",
    does: "half of the pages of Deno KV are overwritten between two starts",
    proves: "an unreadable KV file is replaced",
    database: "embedded",
    strike: (stage) => breakWhileDown(stage, corruptKv),
  },
  {
    name: "kv-corrupt-running",
    does: "half of the pages of Deno KV are overwritten while wick is running",
    proves: "a damaged KV file does not end the process",
    database: "embedded",
    strike: (stage) => breakWhileRunning(stage, corruptKv),
  },
];
