import { AppError, describeError } from "../core/errors.ts";
import type { Logger } from "../ports/host.ts";
import type { MarketCapSource } from "../ports/market_caps.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { ExchangeHttp } from "./http.ts";
import type { RequestBudget } from "./weight.ts";

/** Reports each request's outcome to `telemetry`, all attempts together. */
export function watchExchange(http: ExchangeHttp, telemetry: Telemetry): ExchangeHttp {
  return async (request, signal) => {
    try {
      const answer = await http(request, signal);
      telemetry.record({ kind: "exchange request", outcome: "ok" });
      return answer;
    } catch (error) {
      const code = error instanceof AppError ? error.code : "exchange_unavailable";
      const outcome = signal.aborted ? "aborted" : code;
      telemetry.record({ kind: "exchange request", outcome });
      throw error;
    }
  };
}

/** Reports the weight of every permitted attempt to `telemetry`. */
export function watchBudget(budget: RequestBudget, telemetry: Telemetry): RequestBudget {
  return {
    ...budget,
    async take(weight, signal, isBackground) {
      await budget.take(weight, signal, isBackground);
      telemetry.record({ kind: "exchange weight", weight });
    },
  };
}

/** Logs once when a provider of market caps begins to fail, and once when it answers again. */
export function createProviderWatch(log: Logger): (source: MarketCapSource) => MarketCapSource {
  let isFailing = false;
  return (source) => ({
    ...source,
    async fetch(coins, signal) {
      try {
        const caps = await source.fetch(coins, signal);
        if (isFailing) log.info(`Market caps: ${source.name} is available again`);
        isFailing = false;
        return caps;
      } catch (error) {
        if (!signal.aborted && !isFailing) {
          log.warn(`${describeError(error)}; using the last known supplies`);
          isFailing = true;
        }
        throw error;
      }
    },
  });
}
