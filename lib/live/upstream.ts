import { AppError, describeError } from "../core/errors.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { type EpochMs, MINUTE_MS, SECOND_MS } from "../core/time.ts";
import { Leader, type UpstreamDeps } from "./leader.ts";

/** Time between a waiting instance's attempts to acquire the lease. */
const LEASE_RETRY_MS = 2 * SECOND_MS;
const FIRST_PAUSE_MS = SECOND_MS;
const MAX_PAUSE_MS = MINUTE_MS;

/**
 * Keeps the board's state of a series current until `signal` aborts. The instance that holds the
 * series' lease follows the exchange; the others wait to take over. `closedTo` returns the open
 * time of the newest candle known to be stored.
 */
export async function followUpstream(
  deps: UpstreamDeps,
  series: Series,
  closedTo: () => EpochMs,
  signal: AbortSignal,
): Promise<void> {
  const { leases, clock, log, source } = deps;
  const name = seriesName(series);
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    let waitMs = LEASE_RETRY_MS;
    try {
      await leases.hold(`live ${name}`, signal, async (signal) => {
        await deps.requireMarket();
        const leader = new Leader(deps, series, closedTo());
        try {
          for await (const klines of source.watch(series, signal)) {
            pauseMs = FIRST_PAUSE_MS;
            await leader.see(klines, signal);
          }
        } finally {
          await leader.settled();
        }
      });
    } catch (error) {
      if (signal.aborted) return;
      // Warns once per failing series. Outages are not logged here: the exchange's client logs
      // them.
      const isNew = pauseMs === FIRST_PAUSE_MS && !isOutage(error);
      log[isNew ? "warn" : "debug"](`Cannot stream ${name}: ${describeError(error)}`);
      waitMs = error instanceof AppError && error.retryAfterMs || pauseMs;
      pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
    }
    await clock.sleep(Math.min(waitMs, MAX_PAUSE_MS), signal).catch(() => {});
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof AppError &&
    (error.code === "exchange_unavailable" || error.code === "rate_limited");
}
