import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { describeError } from "../../lib/core/errors.ts";
import { openCluster } from "../../lib/store/cluster/embedded_cluster.ts";
import { silent } from "../../lib/testing/postgres.ts";

/** A folder for wick's data, on a disk of its own if need be. */
export interface StageFolder {
  readonly path: string;
  /** Whether it is a file system of its own. */
  readonly isMounted: boolean;
  remove(): Promise<void>;
}

let template: Promise<string> | undefined;

/** An empty PostgreSQL cluster, made once: a copy of it is ready in a fraction of the time. */
async function makeTemplate(): Promise<string> {
  const path = await makeFolder("wick-chaos-template-");
  const cluster = await openCluster(path, silent);
  await cluster.release();
  return path;
}

/** Makes a folder, with an empty cluster in it unless told otherwise. */
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

/** Changes a mounted folder: `size=20m`, `ro`, `rw`. */
export function remount({ path }: StageFolder, option: string): Promise<void> {
  return command("mount", "-o", `remount,${option}`, path);
}

/** Leaves `freeKB` on the folder's disk, or less: others write to it, too. */
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
  await Deno.chmod(path, 0o755); // the account that runs PostgreSQL has to get there
  return path;
}

async function command(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdout: "null" }).output();
  if (success) return;
  throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr).trim()}`);
}
