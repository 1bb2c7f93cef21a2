import pLimit from "p-limit";
import { AppError, describeError } from "../core/errors.ts";
import { type Series, seriesName } from "../core/kline.ts";

/**
 * Series worked on at the same time. The number grows while steps succeed, so that the exchange's
 * latency does not limit the rate but its request weight does, and halves with each failure. Twelve
 * spend all of 6,000 weight a minute at a latency of 200 ms.
 */
const PARALLEL = { first: 6, least: 2, most: 12 } as const;
/** Batches of all of these series that are kept in memory, each about a megabyte. */
const BATCHES = 24;
/** Steps without a failure before one more series is worked on at the same time. */
const STEPS_TO_GROW = 4;

/** Consecutive rejections of a symbol's series before its other series are skipped in this run. */
const MAX_REFUSED = 2;

/** Errors that end a run, because every further series would fail the same way. */
const FATAL: ReadonlySet<string | undefined> = new Set([
  "exchange_unavailable",
  "rate_limited",
  "store_unavailable",
]);

/**
 * Runs `step` for every series, several at a time; one failure stops no other. Returns failures by
 * name. Symbols take turns, so that a slow one does not delay the others, and after several
 * rejections in a row the remaining series of a symbol are skipped.
 * @throws errors that end the run: a ban, the database or the exchange unavailable
 */
export async function forEachSeries(
  series: readonly Series[],
  signal: AbortSignal,
  step: (series: Series) => Promise<void>,
): Promise<Map<string, unknown>> {
  const limit = pLimit(PARALLEL.first);
  const pace = createPace((parallel) => limit.concurrency = parallel);
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
          pace.succeeded();
          refused.delete(symbol);
        } catch (error) {
          failures.set(seriesName(one), error);
          pace.failed();
          const code = error instanceof AppError ? error.code : undefined;
          if (code === "exchange_refused") refused.set(symbol, (refused.get(symbol) ?? 0) + 1);
          if (code === "store_unavailable") fatal = error;
          else if (FATAL.has(code)) fatal ??= error;
        }
      })
    ),
  );
  signal.throwIfAborted();
  if (fatal !== undefined) throw fatal;
  return failures;
}

/** Batches that a series may read ahead of storing them, when `count` series are worked on. */
export function batchesAhead(count: number): number {
  return Math.max(1, Math.floor(BATCHES / Math.min(PARALLEL.most, count) - 1));
}

function createPace(set: (parallel: number) => void) {
  let parallel: number = PARALLEL.first;
  let steps = 0;
  return {
    succeeded() {
      if (parallel === PARALLEL.most || ++steps < STEPS_TO_GROW) return;
      steps = 0;
      set(++parallel);
    },
    failed() {
      steps = 0;
      parallel = Math.max(PARALLEL.least, Math.floor(parallel / 2));
      set(parallel);
    },
  };
}

const LEFT_OUT = "not requested, because other series of the symbol were rejected";

/** The first series of every symbol, then the second of each, and so on. */
function inTurn(series: readonly Series[]): Series[] {
  const bySymbol = [...Map.groupBy(series, ({ symbol }) => symbol).values()];
  const rounds = Math.max(0, ...bySymbol.map((own) => own.length));
  return Array.from({ length: rounds }, (_, round) => bySymbol.flatMap((own) => own[round] ?? []))
    .flat();
}

/**
 * One line for the log and the run history, series with the same reason together; empty without
 * failures.
 */
export function describeFailures(failures: ReadonlyMap<string, unknown>): string {
  const byReason = Map.groupBy(failures, ([, error]) => describeError(error));
  return [...byReason]
    .map(([reason, own]) => `${own.map(([name]) => name).join(", ")}: ${reason}`)
    .join("; ");
}
