import { join } from "node:path";
import type { Config } from "../config.ts";
import type {
  BanBoard,
  FailingBoard,
  Leases,
  MaintenanceBoard,
  SpendBoard,
} from "../ports/boards.ts";
import type { StreamBoard } from "../ports/close_streams.ts";
import type { Logger } from "../ports/host.ts";
import type { LiveBoard } from "../ports/live.ts";
import { makeDataFolder } from "../store/cluster/data_folder.ts";
import { createBanBoard } from "../store/kv/ban_kv.ts";
import { createFailingBoard } from "../store/kv/failing_kv.ts";
import type { KvHandle } from "../store/kv/kv.ts";
import { createLeases } from "../store/kv/lease_kv.ts";
import { createLiveBoard } from "../store/kv/live_kv.ts";
import { createMaintenanceBoard } from "../store/kv/maintenance_kv.ts";
import { openKv } from "../store/kv/open_kv.ts";
import { createSpendBoard } from "../store/kv/spend_kv.ts";
import { createStreamBoard } from "../store/kv/stream_kv.ts";
import type { PartContext } from "./part_context.ts";

/** State that all instances share in Deno KV. */
export interface Boards {
  readonly bans: BanBoard;
  readonly spends: SpendBoard;
  readonly failing: FailingBoard;
  readonly maintenance: MaintenanceBoard;
  readonly leases: Leases;
  readonly live: LiveBoard;
  readonly streams: StreamBoard;
}

export function composeBoards(
  { clock, log, isHosted }: Pick<PartContext, "clock" | "log" | "isHosted">,
  kv: KvHandle,
): Boards {
  return {
    bans: createBanBoard(kv, clock.now),
    spends: createSpendBoard(kv),
    failing: createFailingBoard(kv),
    maintenance: createMaintenanceBoard(kv),
    leases: createLeases(kv, clock, log, { isHosted }),
    live: createLiveBoard(kv, { isHosted, clock, log }),
    streams: createStreamBoard(kv, clock),
  };
}

export interface OwnKvOptions {
  readonly config: Config;
  readonly isHosted: boolean;
  readonly log: Logger;
}

/**
 * Opens Deno KV: the platform's, or a file in the data folder unless KV_PATH names another place.
 */
export async function openOwnKv({ config, isHosted, log }: OwnKvOptions): Promise<KvHandle> {
  const { database, dataDir, kvPath } = config;
  if (isHosted) return await openKv(kvPath, log);
  if (database.kind === "embedded" || kvPath === undefined) await makeDataFolder(dataDir);
  return await openKv(kvPath ?? join(dataDir, "kv.sqlite3"), log);
}

/**
 * Returns `ok`, or why the entries of a KV file are in memory only.
 *
 * @throws the reason why KV cannot be used
 */
export async function pingKv({ kv, file, error }: KvHandle): Promise<string> {
  if (!kv) throw new Error(error);
  await kv.get(["ping"]);
  const problem = file?.problem();
  return problem === undefined ? "ok" : `in memory: ${problem}`;
}
