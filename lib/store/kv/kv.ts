import { describeError } from "../../core/errors.ts";
import type { Logger } from "../../ports/host.ts";

/** Deno KV, or the reason why there is none: wick goes on without, and `/readyz` says so. */
export type KvHandle =
  | { readonly kv: Deno.Kv; readonly error?: undefined }
  | { readonly kv?: undefined; readonly error: string };

/** `path` undefined opens the platform's database, as on Deno Deploy. */
export async function openKv(path: string | undefined, log: Logger): Promise<KvHandle> {
  try {
    return { kv: await Deno.openKv(path) };
  } catch (error) {
    const reason = `Cannot open Deno KV: ${describeError(error)}`;
    log.warn(`${reason}; bans and leases are not shared between instances`);
    return { error: reason };
  }
}

const ATTEMPTS = 20;
const PAUSE_MS = 10;

/** Local KV is one SQLite file: under contention it throws where the platform's would wait. */
export async function retryLocked<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await work();
    } catch (error) {
      const isLocked = error instanceof Error && /locked|busy/i.test(error.message);
      if (!isLocked || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt * Math.random()));
    }
  }
}
