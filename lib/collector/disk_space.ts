import { AppError } from "../core/errors.ts";
import type { Disk, Logger } from "../ports/host.ts";
import type { KlineStore } from "../ports/kline_store.ts";

/** MB reserved for the server's log and everything else on the disk. */
const RESERVE_MB = 64;
/** The server writes stored data twice, and keeps the second copy for a while. */
const LOG_SHARE = 0.5;

/** Free bytes that storing `bytes` of candles requires, with the server's log and the reserve. */
export function neededBytes(bytes: number): number {
  return Math.ceil(bytes * (1 + LOG_SHARE)) + RESERVE_MB * 1e6;
}

/**
 * @throws `store_unavailable` when that many megabytes cannot be stored. The disk of an external
 * database is not checked.
 */
export async function requireSpace(disk: Disk, megabytes: number): Promise<void> {
  const space = await disk.read();
  if (space === undefined) return;
  const freeMb = space.freeBytes / 1e6;
  const needMb = Math.ceil(neededBytes(megabytes * 1e6) / 1e6);
  if (freeMb >= needMb) return;
  throw new AppError(
    "store_unavailable",
    `Cannot store up to ${Math.ceil(megabytes)} MB of candles: the disk of ${space.folder} has ` +
      `${Math.floor(freeMb)} MB free; ${needMb} MB are required, including the database's log`,
  );
}

/** Rejects with `store_unavailable` while less than the reserve is free. */
export type RequireRoom = () => Promise<void>;

/** Checks the disk before each use; the start and end of a shortage are logged. */
export function createRoomGuard(disk: Disk, log: Logger): RequireRoom {
  let isShort = false;
  return async () => {
    const space = await disk.read();
    const wasShort = isShort;
    isShort = space !== undefined && space.freeBytes < RESERVE_MB * 1e6;
    if (!isShort) {
      if (wasShort) log.info("Disk space is available again: collecting resumes");
      return;
    }
    const { folder, freeBytes } = space!;
    const message = `Cannot store candles: the disk of ${folder} has ` +
      `${
        Math.floor(freeBytes / 1e6)
      } MB free, and ${RESERVE_MB} MB are reserved for the database; ` +
      "free some space";
    if (!wasShort) log.warn(`${message} (collecting then resumes)`);
    throw new AppError("store_unavailable", message, { retryAfterMs: 60_000 });
  };
}

/** A store that rejects candles while disk space is short: a full disk would stop the database. */
export function withRoom(store: KlineStore, requireRoom: RequireRoom): KlineStore {
  return {
    ...store,
    async write(series, klines, runId) {
      await requireRoom();
      return await store.write(series, klines, runId);
    },
    async append(candles, runId) {
      await requireRoom();
      return await store.append(candles, runId);
    },
  };
}
