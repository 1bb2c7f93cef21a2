import { describeError } from "../../core/errors.ts";
import type { Logger } from "../../ports/host.ts";
import { openFileKv } from "./file_kv.ts";
import type { KvHandle } from "./kv.ts";

/**
 * Opens Deno KV: the platform's database (`path` undefined), a remote one (its URL), or one in
 * memory (`:memory:`). A file is opened with wick's own store: Deno's ends the process from a
 * background thread when the file cannot be read or written (full disk, damage).
 */
export async function openKv(path: string | undefined, log: Logger): Promise<KvHandle> {
  const isFile = path !== undefined && path !== ":memory:" && !/^https?:/.test(path);
  if (isFile) return openFileKv(path, { log, now: Date.now });
  try {
    return { kv: await Deno.openKv(path) };
  } catch (error) {
    const reason = `Cannot open Deno KV: ${describeError(error)}`;
    // On the platform, an instance without leases would collect at the same time as all others.
    const effect = path === undefined
      ? "nothing is collected until it can be opened"
      : "bans and leases are not shared between instances";
    log.warn(`${reason}; ${effect}`);
    return { error: reason };
  }
}
