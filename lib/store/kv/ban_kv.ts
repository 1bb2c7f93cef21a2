import type { EpochMs } from "../../core/time.ts";
import type { Ban, BanBoard } from "../../ports/boards.ts";
import type { KvHandle } from "./kv.ts";

const KEY = ["exchange", "ban"];

/** The exchange's ban in KV, and in memory in case there is no KV. */
export function createBanBoard({ kv }: KvHandle, now: () => EpochMs): BanBoard {
  let own: Ban | undefined;
  return {
    async read() {
      const shared = kv && (await kv.get<Ban>(KEY)).value || undefined;
      return [own, shared].filter((ban) => ban !== undefined)
        .sort((a, b) => b.until - a.until)[0];
    },
    async write(ban) {
      if (ban.until > (own?.until ?? 0)) own = ban;
      if (!kv) return;
      const expireIn = Math.max(1, ban.until - now());
      while (true) {
        const entry = await kv.get<Ban>(KEY);
        if ((entry.value?.until ?? 0) >= ban.until) return; // another instance was told to wait longer
        const { ok } = await kv.atomic().check(entry).set(KEY, ban, { expireIn }).commit();
        if (ok) return;
      }
    },
  };
}
