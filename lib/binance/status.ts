import { AppError, describeError } from "../core/errors.ts";
import { withOfflineAdvice } from "../core/text/offline_words.ts";
import { type EpochMs, MINUTE_MS } from "../core/time.ts";
import type { Clock, Logger } from "../ports/host.ts";
import type { ExchangeState, ExchangeStatus } from "../ports/kline_source.ts";
import type { ExchangeHttp } from "./http.ts";

/** The exchange's last known state, for pages and freshness. */
export interface StatusBoard extends ExchangeStatus {
  /** Records a reading of the exchange's clock that was requested at `askedAt` by ours. */
  setServerTime(serverTime: EpochMs, askedAt: EpochMs): void;
  /** Records that no host has answered since then. */
  setUnreachable(message: string, since: EpochMs): void;
  /** Records the outcome of each request. */
  watch(http: ExchangeHttp): ExchangeHttp;
}

/**
 * Logs once when the exchange stops answering and once when it answers again, however many jobs are
 * affected. A request that fails alone is not recorded here.
 */
export function createStatusBoard(clock: Clock, log: Logger): StatusBoard {
  const state: { -readonly [Key in keyof ExchangeState]: ExchangeState[Key] } = {
    host: undefined,
    simulated: undefined,
    answeredAt: undefined,
    failure: undefined,
  };
  let offsetMs = 0;
  let failingSince: EpochMs | undefined;

  function setFailure(message: string, since: EpochMs): void {
    // A slow request may fail after later ones have succeeded.
    const answeredAt = state.answeredAt ?? -Infinity;
    if (answeredAt > since && answeredAt <= clock.now()) return;
    state.failure = { message, at: clock.now() };
    if (failingSince !== undefined) return;
    failingSince = since;
    log.warn(withOfflineAdvice(message));
  }

  function setAnswered(): void {
    state.answeredAt = clock.now();
    state.failure = undefined;
    if (failingSince === undefined) return;
    const minutes = Math.round((clock.now() - failingSince) / MINUTE_MS);
    log.info(
      `Binance is reachable again after ${minutes < 1 ? "less than a minute" : `${minutes} min`}`,
    );
    failingSince = undefined;
  }

  return {
    setUnreachable: setFailure,
    read: () => ({ ...state }),
    serverTime: () => clock.now() + offsetMs,
    // The exchange read its clock at some time between request and answer. The difference stays
    // when it agrees with that, so that a slow answer, or a pause of this process, does not falsify
    // it.
    setServerTime(serverTime, askedAt) {
      const [least, most] = [serverTime - clock.now(), serverTime - askedAt];
      offsetMs = Math.max(least, Math.min(offsetMs, most));
    },
    watch: (http) => async (request, signal) => {
      const since = clock.now();
      try {
        const answer = await http(request, signal);
        state.host = answer.host;
        state.simulated = answer.simulated;
        setAnswered();
        return answer;
      } catch (error) {
        if (signal.aborted) throw error;
        if (!isAnswer(error)) setFailure(describeError(error), since);
        else if (request.query?.["symbol"] !== undefined) setAnswered();
        else state.failure = { message: describeError(error), at: clock.now() };
        throw error;
      }
    },
  };
}

/** True if the exchange has answered, including refusals and unreadable answers. */
function isAnswer(error: unknown): boolean {
  return error instanceof AppError && error.code !== "exchange_unavailable" &&
    error.code !== "rate_limited";
}
