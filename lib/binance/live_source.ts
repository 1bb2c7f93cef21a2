import { describeError } from "../core/errors.ts";
import type { Kline, Series } from "../core/kline.ts";
import { type EpochMs, MINUTE_MS, SECOND_MS } from "../core/time.ts";
import type { Clock, Logger } from "../ports/host.ts";
import type { LiveSource } from "../ports/live.ts";

export interface LiveSourceOptions {
  /** Preferred. */
  readonly stream: LiveSource;
  /** Used while the stream is unavailable. */
  readonly poller: LiveSource;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Time after which the stream is tried again. */
const PENALTY_MS = 5 * MINUTE_MS;

/** Follows the exchange's stream, or its REST API while the stream is unavailable. */
export function createLiveSource(options: LiveSourceOptions): LiveSource {
  const { stream, poller, clock, log } = options;
  let pollUntil: EpochMs = 0;
  let isLogged = false;
  return {
    async *watch(series: Series, signal: AbortSignal): AsyncGenerator<readonly Kline[]> {
      if (clock.now() >= pollUntil || clock.now() < pollUntil - PENALTY_MS) {
        try {
          for await (const klines of stream.watch(series, signal)) {
            isLogged = false;
            yield klines;
          }
          return;
        } catch (error) {
          if (signal.aborted) return;
          pollUntil = clock.now() + PENALTY_MS;
          const minutes = PENALTY_MS / MINUTE_MS;
          const retries = `retrying the stream every ${minutes} minutes`;
          if (!isLogged) {
            log.info(
              `Polling the exchange instead of streaming, ${retries}: ${describeError(error)}`,
            );
          }
          isLogged = true;
        }
      }
      for await (const klines of poller.watch(series, signal)) {
        yield klines;
        if (clock.now() >= pollUntil + SECOND_MS) return;
      }
    },
  };
}
