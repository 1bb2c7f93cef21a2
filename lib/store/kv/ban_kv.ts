import { MAX_BAN_MS } from "../../core/request_weight.ts";
import { type EpochMs, MINUTE_MS } from "../../core/time.ts";
import type { Ban, BanBoard } from "../../ports/boards.ts";
import type { KvHandle } from "./kv.ts";

const KEY = ["exchange", "ban"];
/** Largest difference between the clocks of two instances, in ms. */
const SKEW_MS = 5 * MINUTE_MS;

/** The exchange's ban in KV, and in memory without KV. */
export function createBanBoard({ kv }: KvHandle, now: () => EpochMs): BanBoard {
  let own: Ban | undefined;

  return {
    async read() {
      const shared = toBan(kv && (await kv.get<unknown>(KEY)).value, now());
      own = toBan(own, now());
      return [own, shared].filter((ban) => ban !== undefined)
        .sort((a, b) => b.until - a.until)[0];
    },
    async write(ban) {
      if (ban.until > (toBan(own, now())?.until ?? 0)) own = ban;
      if (!kv) return;
      const expireIn = Math.max(1, ban.until - now());
      while (true) {
        const entry = await kv.get<unknown>(KEY);
        // Another instance received a longer ban.
        if ((toBan(entry.value, now())?.until ?? 0) >= ban.until) return;
        const { ok } = await kv.atomic().check(entry).set(KEY, ban, { expireIn }).commit();
        if (ok) return;
      }
    },
  };
}

/**
 * The recorded ban, unless it is implausible: longer than any ban, or recorded in the future, when
 * this machine's clock was wrong. The exchange repeats an active ban.
 */
function toBan(value: unknown, now: EpochMs): Ban | undefined {
  const { at = now, until, reason } = (value ?? {}) as Partial<Ban>;
  if (
    typeof until !== "number" || typeof reason !== "string" || at > now + SKEW_MS ||
    until > now + MAX_BAN_MS
  ) return undefined;
  return value as Ban;
}
