import * as fs from "node:fs/promises";
import type { Disk } from "../../ports/host.ts";

/** The disk of a folder that may not be known yet; `undefined` when it is on another machine. */
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
