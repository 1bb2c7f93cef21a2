import pLimit from "p-limit";
import { AppError, describeError } from "../core/errors.ts";
import { type Series, seriesName } from "../core/kline.ts";

/** Series worked on at the same time: enough to hide the exchange's latency, few for its firewall. */
const PARALLEL = 6;

/** Series of a symbol refused in a row before its other series are left for the next run. */
const MAX_REFUSED = 2;

/** What ends a run: every further series would meet the same. */
const FATAL: ReadonlySet<string | undefined> = new Set([
  "exchange_unavailable",
  "rate_limited",
  "store_unavailable",
]);

/**
 * Runs `step` for every series, several at a time; one failure stops no other. What failed comes
 * back by name. Symbols take turns, so that one that fails slowly holds up none of the others, and
 * one whose series are refused in a row is not asked for the rest of them.
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
  const refused = new Map<string, number>();
  let fatal: unknown;
  await Promise.all(
    inTurn(series).map((one) =>
      limit(async () => {
        if (fatal !== undefined || signal.aborted) return;
        const { symbol } = one;
        if ((refused.get(symbol) ?? 0) >= MAX_REFUSED) {
          failures.set(seriesName(one), new AppError("exchange_refused", LEFT_OUT));
          return;
        }
        try {
          await step(one);
          refused.delete(symbol);
        } catch (error) {
          failures.set(seriesName(one), error);
          const code = error instanceof AppError ? error.code : undefined;
          if (code === "exchange_refused") refused.set(symbol, (refused.get(symbol) ?? 0) + 1);
          if (FATAL.has(code)) fatal = error;
        }
      })
    ),
  );
  signal.throwIfAborted();
  if (fatal !== undefined) throw fatal;
  return failures;
}

const LEFT_OUT = "not requested, because other series of the symbol were rejected";

/** The first series of every symbol, then the second of each, and so on. */
function inTurn(series: readonly Series[]): Series[] {
  const bySymbol = [...Map.groupBy(series, ({ symbol }) => symbol).values()];
  const rounds = Math.max(0, ...bySymbol.map((own) => own.length));
  return Array.from({ length: rounds }, (_, round) => bySymbol.flatMap((own) => own[round] ?? []))
    .flat();
}

/** One line for the log and the run history, series with the same reason together; empty for none. */
export function describeFailures(failures: ReadonlyMap<string, unknown>): string {
  const byReason = Map.groupBy(failures, ([, error]) => describeError(error));
  return [...byReason]
    .map(([reason, own]) => `${own.map(([name]) => name).join(", ")}: ${reason}`)
    .join("; ");
}
