import { describeError } from "../core/errors.ts";
import type { EpochMs } from "../core/time.ts";
import type { Clock } from "../ports/host.ts";
import type { ExchangeState, ExchangeStatus } from "../ports/kline_source.ts";
import type { ExchangeHttp } from "./http.ts";

/** What this process last saw of the exchange, for pages and freshness. */
export interface StatusBoard extends ExchangeStatus {
  /** Takes note of a reading of the exchange's clock. */
  setServerTime(serverTime: EpochMs): void;
  /** Takes note of an attempt that failed. */
  setFailure(error: unknown): void;
  /** Takes note of how each request ends. */
  watch(http: ExchangeHttp): ExchangeHttp;
}

export function createStatusBoard(clock: Clock): StatusBoard {
  const state: { -readonly [Key in keyof ExchangeState]: ExchangeState[Key] } = {
    host: undefined,
    simulated: undefined,
    answeredAt: undefined,
    failure: undefined,
  };
  let offsetMs = 0;
  const setFailure = (error: unknown) => {
    state.failure = { message: describeError(error), at: clock.now() };
  };
  return {
    setFailure,
    read: () => ({ ...state }),
    serverTime: () => clock.now() + offsetMs,
    setServerTime(serverTime) {
      offsetMs = serverTime - clock.now();
    },
    watch: (http) => async (request, signal) => {
      try {
        const answer = await http(request, signal);
        state.host = answer.host;
        state.simulated = answer.simulated;
        state.answeredAt = clock.now();
        state.failure = undefined;
        return answer;
      } catch (error) {
        const isAnswer = error instanceof Error && "code" in error &&
          (error.code === "not_found" || error.code === "bad_payload");
        if (!signal.aborted && !isAnswer) setFailure(error);
        throw error;
      }
    },
  };
}
