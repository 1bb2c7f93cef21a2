import { findLiveCandle } from "../model/live_candle.ts";
import type { LiveFeedOptions } from "./live_state.ts";
import { MAX_STREAMS, type TurnMessage, TURNS_CHANNEL } from "./stream_turn.ts";
import { everyVisible } from "./visible_timer.ts";

const POLL_MS = 5_000;
/** Interval of requests for a stream slot, waiting time for answers, and for requests of others. */
const ASK = { everyMs: 15_000, answerMs: 500, spreadMs: 1_000 } as const;

/** Polls the open candle every few seconds, until a stream slot may be free. */
export async function pollForTurn(options: LiveFeedOptions, signal: AbortSignal): Promise<void> {
  const end = new AbortController();
  const until = AbortSignal.any([signal, end.signal]);
  let openTime = 0;
  const ask = async () => {
    const response = await fetch(options.newestHref, { signal: until, cache: "no-store" });
    const rows: unknown = response.ok ? await response.json() : undefined;
    const candle = Array.isArray(rows) ? findLiveCandle(JSON.stringify(rows.at(-1))) : undefined;
    if (candle === undefined || until.aborted) return;
    options.onHeard();
    if (candle.openTime !== openTime) await options.poll();
    openTime = candle.openTime;
    options.onTick(candle);
  };
  const poll = () => ask().catch(() => {}); // the badge shows the time since the last message
  void poll();
  everyVisible(POLL_MS, poll, until);
  await turnIsFree(until);
  end.abort();
}

/** Resolves when a stream slot is free, or when the user returns to this window. */
function turnIsFree(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const channel = new BroadcastChannel(TURNS_CHANNEL);
  const holders = new Set<string>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const later = (ms: number, work: () => void) => void timers.add(setTimeout(work, ms));
  const ask = () => {
    if (document.hidden) return;
    holders.clear();
    channel.postMessage({ ask: true } satisfies TurnMessage);
    later(ASK.answerMs, () => holders.size < MAX_STREAMS && resolve());
  };
  channel.onmessage = ({ data }: MessageEvent<TurnMessage>) => {
    if ("here" in data) holders.add(data.here);
    if ("took" in data) holders.add(data.took);
    if ("left" in data) later(Math.random() * ASK.spreadMs, ask);
  };
  const watch = setInterval(ask, ASK.everyMs);
  const done = new AbortController();
  const onTurn = () => document.hidden || resolve();
  addEventListener("focus", onTurn, { signal: done.signal });
  document.addEventListener("visibilitychange", onTurn, { signal: done.signal });
  signal.addEventListener("abort", () => resolve(), { signal: done.signal });
  return promise.finally(() => {
    done.abort();
    channel.close();
    clearInterval(watch);
    timers.forEach((timer) => clearTimeout(timer));
  });
}
