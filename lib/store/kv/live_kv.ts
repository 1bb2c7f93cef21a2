import { type Series, seriesName } from "../../core/kline.ts";
import { SECOND_MS } from "../../core/time.ts";
import type { Clock, Logger } from "../../ports/host.ts";
import type { LiveBoard, LiveState } from "../../ports/live.ts";
import type { Kv, KvHandle } from "./kv.ts";

export interface LiveBoardOptions {
  /** A platform's KV reports changes of other isolates; a local one must be polled. */
  readonly isHosted: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A state that is not renewed expires. */
const KEEP_MS = 60 * SECOND_MS;
/** Time between polls of a local KV for other processes' writes. */
const POLL_MS = SECOND_MS;

type Listener = (state: LiveState) => void;

/** The newest state of watched series in KV; without KV each instance has only its own. */
export function createLiveBoard({ kv }: KvHandle, options: LiveBoardOptions): LiveBoard {
  const listeners = new Map<string, Set<Listener>>();
  /** The newest state delivered, by KV's write order. */
  const stamps = new Map<string, string>();

  function note(name: string, state: LiveState, stamp = ""): void {
    if (stamp !== "" && stamp <= (stamps.get(name) ?? "")) return; // already received
    if (listeners.has(name)) stamps.set(name, stamp);
    for (const listener of listeners.get(name) ?? []) listener(state);
  }

  return {
    async write(series, state) {
      const name = seriesName(series);
      if (!kv) return note(name, state);
      const { versionstamp } = await kv.set(keyOf(series), state, { expireIn: KEEP_MS });
      note(name, state, versionstamp);
    },
    watch(series, signal, onState) {
      const name = seriesName(series);
      const here = listeners.get(name) ?? new Set();
      listeners.set(name, here.add(onState));
      signal.addEventListener("abort", () => {
        here.delete(onState);
        if (here.size > 0) return;
        listeners.delete(name);
        stamps.delete(name);
      }, { once: true });
      if (kv) void follow(kv, series, signal);
    },
  };

  async function follow(kv: Kv, series: Series, signal: AbortSignal): Promise<void> {
    const { isHosted, clock, log } = options;
    const name = seriesName(series);
    const onEntry = ({ value, versionstamp }: Deno.KvEntryMaybe<LiveState>) => {
      if (value !== null && !signal.aborted) note(name, value, versionstamp);
    };
    while (!signal.aborted) {
      try {
        if (isHosted && kv.watch) {
          await watchKey({ watch: kv.watch.bind(kv) }, keyOf(series), signal, onEntry);
        } else onEntry(await kv.get<LiveState>(keyOf(series)));
      } catch (error) {
        if (signal.aborted) return;
        log.debug(`Cannot follow ${name} in KV: ${(error as Error).message}`);
      }
      await clock.sleep(POLL_MS, signal).catch(() => {});
    }
  }
}

function keyOf({ symbol, interval }: Series): Deno.KvKey {
  return ["live", symbol, interval];
}

async function watchKey(
  kv: Required<Pick<Kv, "watch">>,
  key: Deno.KvKey,
  signal: AbortSignal,
  onEntry: (entry: Deno.KvEntryMaybe<LiveState>) => void,
): Promise<void> {
  const changes = kv.watch<[LiveState]>([key]).getReader();
  const stop = () => void changes.cancel().catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  try {
    while (true) {
      const { value, done } = await changes.read();
      if (done) return;
      onEntry(value[0]);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
