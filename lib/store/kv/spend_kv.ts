import { type EpochMs, MINUTE_MS, SECOND_MS } from "../../core/time.ts";
import type { SpendBoard } from "../../ports/boards.ts";
import type { KvHandle } from "./kv.ts";

/** Weight reserved from `start` on, for `SLOT_MS`. */
type Slot = readonly [start: EpochMs, weight: number];

type Grant = Awaited<ReturnType<SpendBoard["reserve"]>>;

const KEY = ["exchange", "spend"];
const SLOT_MS = 2 * SECOND_MS;
/** A slot counts until a minute after its end. */
const KEEP_MS = MINUTE_MS + SLOT_MS;

/**
 * The slots that count at `now`. Slots in the future beyond the clocks' tolerance were written
 * while this machine's clock was wrong, and do not count.
 */
function countable(value: unknown, now: EpochMs): Slot[] {
  if (!Array.isArray(value)) return [];
  return value.filter((slot): slot is Slot =>
    Array.isArray(slot) && Number.isFinite(slot[0]) && slot[1] >= 0 &&
    slot[0] + KEEP_MS > now && slot[0] <= now + KEEP_MS
  );
}

const sumOf = (slots: readonly Slot[]) => slots.reduce((sum, [, weight]) => sum + weight, 0);

/** Request weight of the last minute, counted over all instances in KV; in memory without KV. */
export function createSpendBoard({ kv }: KvHandle): SpendBoard {
  let own: Slot[] = [];

  async function update<T>(change: (slots: Slot[]) => { slots: Slot[]; result: T }): Promise<T> {
    if (!kv) {
      const { slots, result } = change(own);
      own = slots;
      return result;
    }
    while (true) {
      const entry = await kv.get<Slot[]>(KEY);
      const { slots, result } = change(entry.value ?? []);
      if (slots === entry.value) return result;
      const { ok } = await kv.atomic().check(entry).set(KEY, slots, { expireIn: KEEP_MS })
        .commit();
      if (ok) return result;
    }
  }

  return {
    slotMs: SLOT_MS,
    async spent(now) {
      return sumOf(countable(kv ? (await kv.get<unknown>(KEY)).value : own, now));
    },
    reserve: (weight, limit, now) =>
      update<Grant>((slots) => {
        const kept = countable(slots, now);
        if (sumOf(kept) + weight > limit) {
          const oldest = Math.min(kept[0]?.[0] ?? now, now);
          return { slots, result: { isGranted: false, retryAt: oldest + KEEP_MS } };
        }
        const start = Math.floor(now / SLOT_MS) * SLOT_MS;
        const last = kept.at(-1);
        const next: Slot[] = last?.[0] === start
          ? [...kept.slice(0, -1), [start, last[1] + weight]]
          : [...kept, [start, weight]];
        return { slots: next, result: { isGranted: true, retryAt: now } };
      }),
  };
}
