import pLimit from "p-limit";
import { AppError, describeError } from "../core/errors.ts";
import { type Series, seriesName } from "../core/kline.ts";

/** Series worked on at the same time: enough to hide the exchange's latency, few for its firewall. */
const PARALLEL = 6;

/** Requests that fail in a row, all retries spent, before the exchange counts as gone. */
const FAILURES_UNTIL_GONE = 3;

/**
 * Runs `step` for every series, several at a time; one failure stops no other. What failed comes
 * back by name.
 *
 * @throws what stopped everything: a ban, the store gone, the exchange gone
 */
export async function forEachSeries(
  series: readonly Series[],
  signal: AbortSignal,
  step: (series: Series) => Promise<void>,
): Promise<Map<string, unknown>> {
  const limit = pLimit(PARALLEL);
  const failures = new Map<string, unknown>();
  let fatal: unknown;
  let inARow = 0;
  await Promise.all(series.map((one) =>
    limit(async () => {
      if (fatal !== undefined || signal.aborted) return;
      try {
        await step(one);
        inARow = 0;
      } catch (error) {
        failures.set(seriesName(one), error);
        const code = error instanceof AppError ? error.code : undefined;
        if (code === "exchange_unavailable") inARow++;
        if (code === "rate_limited" || code === "store_unavailable") fatal = error;
        if (inARow >= FAILURES_UNTIL_GONE) fatal = error;
      }
    })
  ));
  signal.throwIfAborted();
  if (fatal !== undefined) throw fatal;
  return failures;
}

/** One line for the log and the run history; empty when nothing failed. */
export function describeFailures(failures: ReadonlyMap<string, unknown>): string {
  return [...failures].map(([name, error]) => `${name}: ${describeError(error)}`).join("; ");
}
