import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { runMain } from "../../lib/testing/server_process.ts";
import { empty, fill, makeStageFolder, remount } from "./stage_folder.ts";
import { type Fault, needsRoot } from "./fault.ts";
import type { Stage } from "./stage.ts";

/** Fits an empty cluster, a day of its log and some MB of candles. */
const DISK_MB = 200;
const FULL_MS = 5_000;

async function requireAlive(stage: Stage, when: string): Promise<void> {
  await pause(FULL_MS);
  if (stage.server.hasEnded()) {
    const last = stage.server.output().trim().split("\n").at(-1);
    stage.problems.push(`wick ended ${when}: ${last}`);
    stage.release();
  }
}

/** Checks for one line with the reason and no stack trace. */
function requirePlainFailure(
  stage: Stage,
  what: string,
  { code, err }: { readonly code: number; readonly err: string },
): void {
  if (code === 0) stage.problems.push(`${what} succeeded`);
  if (/^\s+at .*:\d+/m.test(err)) stage.problems.push(`${what} printed a stack: ${err.trim()}`);
  if (err.trim() === "") stage.problems.push(`${what} failed without a word`);
}

export const DISK_FAULTS: readonly Fault[] = [
  {
    name: "disk-full-collecting",
    does: "DATA_DIR's disk is full while wick collects, then has free space again",
    proves: "wick and its data survive a full disk; freeing space is enough",
    database: "embedded",
    diskMB: DISK_MB,
    isShort: true,
    missing: needsRoot,
    async strike(stage) {
      await stage.startAndCollect(2_000);
      await fill(stage.folder, stage.random.below(512));
      await requireAlive(stage, "on a full disk");
      await empty(stage.folder);
      stage.mended();
    },
  },
  {
    name: "disk-full-start",
    does: "wick starts and migrates on a full disk, which then gets free space",
    proves: "a migration that cannot be written is rolled back and applied later",
    database: "embedded",
    diskMB: DISK_MB,
    missing: needsRoot,
    async strike(stage) {
      await fill(stage.folder, 256 + stage.random.below(2_048));
      await stage.start();
      await requireAlive(stage, "on a full disk");
      await empty(stage.folder);
      stage.mended();
    },
  },
  {
    name: "disk-full-initdb",
    does: "the first start has 20 MB for a cluster of 40 MB, then enough space",
    proves: "a partial cluster is not used",
    database: "embedded",
    diskMB: DISK_MB,
    missing: needsRoot,
    async strike(stage) {
      await Deno.remove(join(stage.folder.path, "postgres"), { recursive: true });
      await fill(stage.folder, 20 * 1_024);
      await stage.start();
      await requireAlive(stage, "when initdb had no room");
      await empty(stage.folder);
      stage.mended();
    },
  },
  {
    name: "disk-full-export",
    does: "`export --out` to a full disk while wick runs",
    proves: "the command fails with one message and leaves no file that looks complete",
    database: "embedded",
    diskMB: DISK_MB,
    missing: needsRoot,
    async strike(stage) {
      await stage.start();
      await stage.require("candles are stored", async () => {
        const { out } = await runMain(["status"], stage.settings);
        return /BTCUSDT\s+1m/.test(out);
      }, 60_000);
      // PostgreSQL frees space on its own disk over time.
      const disk = await makeStageFolder({ diskMB: 1, isEmpty: true });
      await fill(disk, 64);
      const out = join(disk.path, "candles.csv");
      const series = ["--symbol", "BTCUSDT", "--interval", "1m"];
      const result = await runMain(["export", ...series, "--out", out], stage.settings);
      requirePlainFailure(stage, "export to a full disk", result);
      const isThere = await Deno.stat(out).then(() => true, () => false);
      if (isThere) stage.problems.push("export left a file on the full disk");
      await disk.remove();
      stage.mended();
    },
  },
  {
    name: "disk-read-only-running",
    does: "DATA_DIR becomes read-only under a running wick, then writable again",
    proves: "reading continues or fails with a described error; no process ends",
    database: "embedded",
    diskMB: DISK_MB,
    missing: needsRoot,
    async strike(stage) {
      await stage.startAndCollect(2_000);
      const path = stage.folder.path;
      // Open files prevent remounting a file system read-only, so all others are closed.
      const isReadOnly = await remount(stage.folder, "ro").then(() => true, () => false);
      if (!isReadOnly) await closeToWriters(path);
      await requireAlive(stage, "on a read-only disk");
      if (isReadOnly) await remount(stage.folder, "rw");
      else await openToWriters(path);
      stage.mended();
    },
  },
  {
    name: "disk-read-only-start",
    does: "wick starts on a read-only DATA_DIR, then on a writable one",
    proves: "wick gives the reason in one message",
    database: "embedded",
    diskMB: DISK_MB,
    missing: needsRoot,
    async strike(stage) {
      await remount(stage.folder, "ro");
      const result = await runMain(["collect"], stage.settings);
      requirePlainFailure(stage, "collect on a read-only disk", result);
      await remount(stage.folder, "rw");
    },
  },
];

/** For root, only the immutable flag prevents PostgreSQL and wick from creating files. */
function closeToWriters(path: string): Promise<void> {
  return chattr("+i", path);
}

function openToWriters(path: string): Promise<void> {
  return chattr("-i", path);
}

async function chattr(flag: string, path: string): Promise<void> {
  const folders = [path, join(path, "postgres"), join(path, "postgres", "pg_wal")];
  await new Deno.Command("chattr", { args: [flag, ...folders] }).output();
}
