import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { describeError } from "../../lib/core/errors.ts";
import { openCluster } from "../../lib/store/cluster/embedded_cluster.ts";
import { silent } from "../../lib/testing/database/postgres.ts";

/** A folder for wick's data, on a separate disk if requested. */
export interface StageFolder {
  readonly path: string;
  /** True if it is a separate file system. */
  readonly isMounted: boolean;
  remove(): Promise<void>;
}

let template: Promise<string> | undefined;

/** An empty PostgreSQL cluster, created once: copying it is much faster. */
async function makeTemplate(): Promise<string> {
  const path = await makeFolder("wick-chaos-template-");
  const cluster = await openCluster(path, silent);
  await cluster.release();
  return path;
}

/** Creates a folder, with an empty cluster by default. */
export async function makeStageFolder(
  { diskMB, isEmpty = false }: { diskMB?: number; isEmpty?: boolean } = {},
): Promise<StageFolder> {
  const path = await makeFolder("wick-chaos-");
  const isMounted = diskMB !== undefined;
  if (isMounted) await command("mount", "-t", "tmpfs", "-o", `size=${diskMB}m`, "tmpfs", path);
  await Deno.chmod(path, 0o755);
  if (!isEmpty) await copyCluster(path);
  return {
    path,
    isMounted,
    async remove() {
      if (isMounted) await command("umount", "-l", path);
      await Deno.remove(path, { recursive: true });
    },
  };
}

async function copyCluster(path: string): Promise<void> {
  await command("cp", "-a", `${await (template ??= makeTemplate())}/.`, path);
}

export async function removeTemplate(): Promise<void> {
  if (template !== undefined) await Deno.remove(await template, { recursive: true });
}

/** Remounts a folder with `size=20m`, `ro` or `rw`. */
export function remount({ path }: StageFolder, option: string): Promise<void> {
  return command("mount", "-o", `remount,${option}`, path);
}

/** Fills the folder's disk up to `freeKB`; other processes may write too. */
export async function fill({ path }: StageFolder, freeKB: number): Promise<void> {
  using file = await Deno.open(join(path, "filler"), { create: true, append: true });
  const block = new Uint8Array(65_536);
  try {
    for (let left; (left = await freeBytes(path) - freeKB * 1024) > 0;) {
      await file.write(block.subarray(0, Math.min(block.length, left)));
    }
  } catch (error) {
    if (!/ENOSPC|No space/.test(describeError(error))) throw error;
  }
}

export async function empty({ path }: StageFolder): Promise<void> {
  await Deno.remove(join(path, "filler")).catch(() => {});
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

async function makeFolder(prefix: string): Promise<string> {
  const path = await Deno.makeTempDir({ prefix, dir: "/tmp" });
  await Deno.chmod(path, 0o755); // the account that runs PostgreSQL needs access
  return path;
}

async function command(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdout: "null" }).output();
  if (success) return;
  throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr).trim()}`);
}
