import { createHash } from "node:crypto";
import { statfsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./server_process.ts";

/** In memory, creating and deleting the thousand files of a cluster takes half the CPU. */
const IN_MEMORY = "/dev/shm";

/** Not the folder that TMPDIR names: it may be closed to the account that runs PostgreSQL. */
const ON_DISK = "/tmp";

/** The clusters of a test run take some hundred megabytes; a container may have 64. */
const ENOUGH_BYTES = 2e9;

/** No test takes that long: older folders are left by killed processes. */
const OLD_MS = 3_600_000;

/** A test run opens its cluster here, and continues that of a killed run. */
const CLUSTER = "cluster";

/** The folder of this checkout's scratch folders; every account can enter it. */
async function scratchBase(): Promise<string> {
  const parent = hasRoom(IN_MEMORY) ? IN_MEMORY : ON_DISK;
  const owner = createHash("sha256").update(`${root} ${Deno.uid()}`).digest("hex").slice(0, 12);
  const base = join(parent, `wick-tests-${owner}`);
  await Deno.mkdir(base, { recursive: true, mode: 0o755 });
  return base;
}

/** The data folder of the cluster that test runs of this checkout share. */
export const clusterFolder = async () => join(await scratchBase(), CLUSTER);

/** Creates an empty folder that every account can enter, for data of a test. */
export async function makeScratchFolder(prefix: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix, dir: await scratchBase() });
  await Deno.chmod(folder, 0o755);
  return folder;
}

/** Removes folders that killed tests left. */
export async function removeOldScratch(): Promise<void> {
  const base = await scratchBase();
  for (const { name } of Deno.readDirSync(base)) {
    if (name === CLUSTER) continue;
    const path = join(base, name);
    const mtime = await Deno.stat(path).then((info) => info.mtime, () => null);
    if (mtime === null || Date.now() - mtime.getTime() <= OLD_MS) continue;
    await Deno.remove(path, { recursive: true }).catch(() => {}); // another run removes it, too
  }
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return false; // only Linux has it
  }
}
