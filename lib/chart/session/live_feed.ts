import { findLiveCandle } from "../model/live_candle.ts";
import { type LiveFeedOptions, SILENCE_MS } from "./live_state.ts";
import { readLiveStream } from "./live_stream.ts";
import { takeTurn } from "./stream_turn.ts";
import { everyVisible } from "./visible_timer.ts";

/** Events that a hidden page still handles. */
const HIDDEN_MS = 60_000;
const POLL_MS = 30_000;
/** Delay before a retry, doubled each time, randomised. */
const RETRY = { firstMs: 1_000, mostMs: 60_000, jitter: 0.5 } as const;

/** Follows the market until `signal` aborts, and reconnects after failures. */
export async function followMarket(options: LiveFeedOptions, signal: AbortSignal): Promise<void> {
  const { onState, poll } = options;
  let isLost = false;
  everyVisible(POLL_MS, () => isLost ? poll() : undefined, signal);
  for (let failures = 0; !signal.aborted;) {
    if (document.hidden) {
      onState("resting");
      await nextVisible(signal);
      if (signal.aborted) return;
      void poll();
    }
    const { wasLive, isHidden, isInTurn } = await listen(options, signal, () => {
      isLost = false;
      onState("live");
    });
    if (signal.aborted || isHidden) continue;
    if (!isInTurn) {
      isLost = false;
      onState("polling");
      await import("./live_poll.lazy.ts").then(
        ({ pollForTurn }) => pollForTurn(options, signal),
        () => pause(POLL_MS, signal),
      );
      continue;
    }
    isLost = true;
    onState("lost");
    failures = wasLive ? 0 : failures + 1;
    if (wasLive) void poll();
    await pause(backoff(failures), signal);
  }
}

/** One connection, until it ends, falls silent, or the page has been hidden for long. */
async function listen(options: LiveFeedOptions, signal: AbortSignal, onLive: () => void) {
  const { href, lastOpenTime, onTick, onClose, onHeard } = options;
  const end = new AbortController();
  let heardAt = performance.now();
  let [wasLive, isHidden, isInTurn] = [false, false, true];
  const endTurn = takeTurn(() => {
    isInTurn = false;
    end.abort();
  });
  let hiddenAt = Infinity;
  const watch = setInterval(() => {
    const now = performance.now();
    hiddenAt = document.hidden ? Math.min(hiddenAt, now) : Infinity;
    isHidden = now - hiddenAt > HIDDEN_MS;
    if (isHidden || now - heardAt > SILENCE_MS) end.abort();
  }, 1_000);
  const stream = {
    href,
    lastEventId: `${lastOpenTime()}`,
    onHeard() {
      heardAt = performance.now();
      if (!wasLive) onLive();
      wasLive = true;
      onHeard();
    },
    onEvent({ name, data }: { readonly name: string; readonly data: string }) {
      const candle = findLiveCandle(data);
      if (candle && name === "tick") onTick(candle);
      if (candle && name === "close") onClose(candle);
    },
  };
  await readLiveStream(stream, AbortSignal.any([signal, end.signal])).catch(() => {});
  clearInterval(watch);
  endTurn();
  return { wasLive, isHidden, isInTurn };
}

/** Delay in ms after this many consecutive failures. */
export function backoff(failures: number, random = Math.random): number {
  const ms = Math.min(RETRY.firstMs * 2 ** failures, RETRY.mostMs);
  return ms * (1 - RETRY.jitter / 2 + RETRY.jitter * random());
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    resolve();
  }, { once: true });
  return promise;
}

function nextVisible(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = new AbortController();
  const until = AbortSignal.any([signal, done.signal]);
  document.addEventListener("visibilitychange", () => document.hidden || resolve(), {
    signal: until,
  });
  signal.addEventListener("abort", () => resolve(), { signal: done.signal });
  return promise.finally(() => done.abort());
}
