import * as fs from "node:fs/promises";
import type { DatabaseConfig } from "../../config.ts";
import { describeError } from "../../core/errors.ts";
import type { Disk, MachineState } from "../../ports/host.ts";
import type { KvHandle } from "../kv/kv.ts";

export interface MachinePlaces {
  readonly database: DatabaseConfig;
  readonly dataDir: string;
  readonly isHosted: boolean;
}

type OpenKv = Extract<KvHandle, { readonly kv: object }>;

/** Upper limit of the key count; KV holds only a few. */
const MAX_KEYS = 10_000;

/** Free space where wick keeps its own database and KV; hosted platforms report neither. */
export async function readMachine(
  { database, dataDir, isHosted }: MachinePlaces,
  handle: KvHandle,
): Promise<MachineState> {
  const isOurs = !isHosted && database.kind === "embedded";
  return {
    disk: isOurs ? await readDisk(dataDir) : undefined,
    kv: handle.kv === undefined
      ? { error: handle.error }
      : await countKeys(handle).catch((error) => ({ error: describeError(error) })),
    runtime: `Deno ${Deno.version.deno}`,
  };
}

async function readDisk(path: string): Promise<MachineState["disk"]> {
  try {
    const { bavail, blocks, bsize } = await fs.statfs(path);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return undefined; // some file systems do not report it
  }
}

async function countKeys({ kv, file }: OpenKv): Promise<MachineState["kv"]> {
  let keys = 0;
  for await (const _ of kv.list({ prefix: [] }, { limit: MAX_KEYS })) keys++;
  const problem = file?.problem();
  if (problem !== undefined) {
    return { error: `in memory, because the file cannot be used: ${problem}` };
  }
  return { keys, bytes: file === undefined ? undefined : await sizeOf(file.path) };
}

async function sizeOf(path: string): Promise<number | undefined> {
  return await Deno.stat(path).then(({ size }) => size, () => undefined);
}

/** The disk of a folder whose path may not be known yet; `undefined`: it is on another machine. */
export function createDisk(locate: () => Promise<string | undefined>): Disk {
  return {
    async read() {
      const folder = await locate();
      if (folder === undefined) return undefined;
      const { bavail, bsize } = await fs.statfs(folder);
      return { folder, freeBytes: bavail * bsize };
    },
  };
}
