import { AppError } from "../core/errors.ts";
import type { Disk } from "../ports/host.ts";

/** Left to the server's log and to everything else on the disk, in MB. */
const RESERVE_MB = 64;
/** The server writes what it stores twice, the second copy for a while. */
const LOG_SHARE = 0.5;

/**
 * @throws `store_unavailable` when so many megabytes cannot be stored; a server of the operator's is
 *   the operator's to watch
 */
export async function requireSpace(disk: Disk, megabytes: number): Promise<void> {
  const space = await disk.read();
  if (space === undefined) return;
  const freeMb = space.freeBytes / 1e6;
  const needMb = Math.ceil(megabytes * (1 + LOG_SHARE)) + RESERVE_MB;
  if (freeMb >= needMb) return;
  throw new AppError(
    "store_unavailable",
    `Cannot store up to ${Math.ceil(megabytes)} MB of candles: the disk of ${space.folder} has ` +
      `${Math.floor(freeMb)} MB left, and ${needMb} MB are needed with what the database logs`,
  );
}
