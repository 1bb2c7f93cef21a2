import { LRUCache } from "lru-cache";
import { type EpochMs, MINUTE_MS } from "../core/time.ts";

/** Request weight that clients have used, for the headers that report it; no request is refused. */
export interface ServedWeight {
  /** Adds `weight`; returns the address's total in this minute. */
  charge(address: string, weight: number): number;
}

const MAX_ADDRESSES = 5_000;

export function createServedWeight(now: () => EpochMs): ServedWeight {
  const accounts = new LRUCache<string, { minute: number; used: number }>({ max: MAX_ADDRESSES });
  return {
    charge(address, weight) {
      const minute = Math.floor(now() / MINUTE_MS);
      const known = accounts.get(address);
      const used = weight + (known?.minute === minute ? known.used : 0);
      accounts.set(address, { minute, used });
      return used;
    },
  };
}
