import { SECOND_MS } from "../../core/time.ts";
import type { StreamBoard, StreamState } from "../../ports/close_streams.ts";
import type { Clock } from "../../ports/host.ts";
import type { KvHandle } from "./kv.ts";

const KEY = ["streams"];
/** The leading instance writes every five seconds. */
const EXPIRE_MS = 30 * SECOND_MS;

/** The state of the instance that follows the streams, in KV; in memory when there is no KV. */
export function createStreamBoard({ kv }: KvHandle, { now }: Pick<Clock, "now">): StreamBoard {
  let own: StreamState | undefined;
  return {
    async read() {
      const state = kv ? (await kv.get<StreamState>(KEY)).value ?? undefined : own;
      const age = now() - (state?.updatedAt ?? -Infinity);
      return Math.abs(age) < EXPIRE_MS ? state : undefined;
    },
    async write(state) {
      own = state;
      if (kv) await kv.set(KEY, state, { expireIn: EXPIRE_MS });
    },
    async remove() {
      const since = own?.since;
      own = undefined;
      if (!kv || since === undefined) return;
      const entry = await kv.get<StreamState>(KEY);
      if (entry.value?.since === since) await kv.atomic().check(entry).delete(KEY).commit();
    },
  };
}
