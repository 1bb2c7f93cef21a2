import { AppError } from "../../core/errors.ts";
import { ROW_BYTES } from "../../core/remaining_history.ts";
import type { Disk } from "../../ports/host.ts";
import type { StatusReader } from "../../ports/status_reader.ts";
import { neededBytes } from "../disk_space.ts";

export interface DiskPlanDeps {
  readonly disk: Disk;
  readonly status: Pick<StatusReader, "size">;
}

/** Disk space for candles. */
export interface DiskNeed {
  /** Bytes of a candle, with its index. */
  readonly rowBytes: number;
  /** True if `rowBytes` is measured from the stored candles. */
  readonly isMeasured: boolean;
  /** Of the candles to collect. */
  readonly bytes: number;
  /** With the database's log and the reserve. */
  readonly needed: number;
  /** `undefined`: the database is on another machine. */
  readonly free: { readonly bytes: number; readonly folder: string } | undefined;
  /** `undefined`: the free space is unknown. */
  readonly fits: boolean | undefined;
}

/** Fewer candles would be measured with their table's first pages. */
const MEASURED_ROWS = 100_000;

/** Compares the space for `rows` candles with the free space. `stored`: candles in the database. */
export async function planDisk(
  { disk, status }: DiskPlanDeps,
  rows: number,
  stored: number,
): Promise<DiskNeed> {
  const isMeasured = stored >= MEASURED_ROWS;
  const rowBytes = isMeasured ? await measureRow(status, stored) : ROW_BYTES;
  const bytes = Math.ceil(rows * rowBytes);
  const needed = neededBytes(bytes);
  const space = await readSpace(disk);
  const free = space && { bytes: space.freeBytes, folder: space.folder };
  return {
    rowBytes,
    isMeasured,
    bytes,
    needed,
    free,
    fits: rows === 0 ? true : free && free.bytes >= needed,
  };
}

/** Unknown while the embedded database cannot be opened. */
async function readSpace(disk: Disk): ReturnType<Disk["read"]> {
  try {
    return await disk.read();
  } catch (error) {
    if (error instanceof AppError && error.code === "store_unavailable") return undefined;
    throw error;
  }
}

/** Tables of candles, by native partitions or as one hypertable. */
async function measureRow(status: DiskPlanDeps["status"], stored: number): Promise<number> {
  const { tables } = await status.size();
  const bytes = tables.filter(({ interval, name }) => interval !== undefined || name === "klines")
    .reduce((sum, table) => sum + table.bytes, 0);
  return bytes / stored;
}
