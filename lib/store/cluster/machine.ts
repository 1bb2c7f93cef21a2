import * as fs from "node:fs/promises";
import type { DatabaseConfig } from "../../config.ts";
import { describeError } from "../../core/errors.ts";
import type { MachineState } from "../../ports/host.ts";
import type { KvHandle } from "../kv/kv.ts";

export interface MachinePlaces {
  readonly database: DatabaseConfig;
  readonly dataDir: string;
  readonly isHosted: boolean;
}

/** Keys are counted up to here: KV holds a handful. */
const MAX_KEYS = 10_000;

/** Room left where wick keeps its own database and KV; a hosted platform tells neither. */
export async function readMachine(
  { database, dataDir, isHosted }: MachinePlaces,
  { kv, error }: KvHandle,
): Promise<MachineState> {
  const isOurs = !isHosted && database.kind === "embedded";
  return {
    disk: isOurs ? await readDisk(dataDir) : undefined,
    kv: kv === undefined ? { error } : await countKeys(kv, isHosted ? undefined : dataDir)
      .catch((error) => ({ error: describeError(error) })),
    runtime: `Deno ${Deno.version.deno}`,
  };
}

async function readDisk(path: string): Promise<MachineState["disk"]> {
  try {
    const { bavail, blocks, bsize } = await fs.statfs(path);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return undefined; // not every file system says
  }
}

async function countKeys(kv: Deno.Kv, dataDir: string | undefined) {
  let keys = 0;
  for await (const _ of kv.list({ prefix: [] }, { limit: MAX_KEYS })) keys++;
  return { keys, bytes: dataDir === undefined ? undefined : await kvBytes(dataDir) };
}

/** The file and its log. */
async function kvBytes(dataDir: string): Promise<number | undefined> {
  try {
    let bytes = 0;
    for await (const { name, isFile } of Deno.readDir(dataDir)) {
      if (isFile && name.startsWith("kv.sqlite3")) {
        bytes += (await Deno.stat(`${dataDir}/${name}`)).size;
      }
    }
    return bytes || undefined;
  } catch {
    return undefined;
  }
}
