import { AppError } from "../core/errors.ts";
import { MINUTE_MS } from "../core/time.ts";

/** A reader that reads nothing for one to two times this long counts as disconnected. */
const STALLED_MS = MINUTE_MS;

export interface WhenDoneOptions {
  readonly stalledMs?: number;
}

/**
 * `source`, with `done` run once after its end, failure or cancellation, before the reader learns
 * of it. Fails when its reader takes nothing for too long.
 */
export function whenDone(
  source: ReadableStream<Uint8Array>,
  done: () => Promise<void>,
  { stalledMs = STALLED_MS }: WhenDoneOptions = {},
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let finished: Promise<void> | undefined;
  /** True if unread data is available, and was at the last check. */
  let isOffered = false;
  let wasOffered = false;
  const watch = setInterval(() => {
    if (!isOffered || !wasOffered) return wasOffered = isOffered;
    const reason = `Export stopped: nothing was read for ${stalledMs} ms`;
    output.error(new AppError("store_unavailable", reason));
    void stop(reason);
  }, stalledMs);

  function finish(): Promise<void> {
    clearInterval(watch);
    return finished ??= done();
  }

  /** Runs `done` first, because it may end what the source is waiting for. */
  async function stop(reason: unknown): Promise<void> {
    const ended = reader.cancel(reason).catch(() => {});
    await finish();
    await ended;
  }

  let output!: ReadableStreamDefaultController<Uint8Array>;
  return new ReadableStream({
    start(out) {
      output = out;
    },
    async pull(out) {
      isOffered = wasOffered = false;
      const { done: isOver, value } = await reader.read().catch(async (error) => {
        await finish();
        throw error;
      });
      if (finished) return; // cancelled during the read
      isOffered = true;
      if (!isOver) return out.enqueue(value);
      await finish();
      out.close();
    },
    cancel: stop,
  }, { highWaterMark: 0 });
}
