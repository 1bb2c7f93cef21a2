import { DAY_MS } from "../../core/time.ts";
import type { Maintenance, MaintenanceBoard } from "../../ports/boards.ts";
import type { KvHandle } from "./kv.ts";

const KEY = ["exchange", "maintenance"];
/** Renewed by every run of a job. */
const EXPIRE_MS = DAY_MS;

/** The exchange's maintenance in KV; in memory when there is no KV. */
export function createMaintenanceBoard({ kv }: KvHandle): MaintenanceBoard {
  let own: Maintenance | undefined;
  return {
    async read() {
      if (!kv) return own;
      return (await kv.get<Maintenance>(KEY)).value ?? undefined;
    },
    async write(maintenance) {
      own = maintenance;
      if (!kv) return;
      if (maintenance === undefined) await kv.delete(KEY);
      else await kv.set(KEY, maintenance, { expireIn: EXPIRE_MS });
    },
  };
}
