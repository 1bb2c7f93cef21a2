import { AppError, describeError } from "../core/errors.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { type EpochMs, HOUR_MS, MINUTE_MS, toIso } from "../core/time.ts";
import type { FailingBoard, FailingSeries } from "../ports/boards.ts";
import type { Logger } from "../ports/host.ts";
import { describeFailures } from "./each_series.ts";

export interface SeriesHealthDeps {
  readonly board: FailingBoard;
  readonly now: () => EpochMs;
  readonly log: Logger;
}

/** Lets each failing series back off separately, with growing pauses. */
export interface SeriesHealth {
  /** Series to work on now, and paused ones with the reason. */
  sort(series: readonly Series[]): Promise<{
    readonly due: readonly Series[];
    readonly resting: ReadonlyMap<string, AppError>;
  }>;
  /**
   * Records the results of a run over `attempted`; `failures` by name. Logs first failures and
   * recoveries.
   */
  note(attempted: readonly Series[], failures: ReadonlyMap<string, unknown>): Promise<void>;
}

const FIRST_PAUSE_MS = MINUTE_MS;
const MAX_PAUSE_MS = HOUR_MS;
/** An unlisted symbol may be listed at any time, and the lookup is cheap. */
const UNLISTED_PAUSE_MS = 10 * MINUTE_MS;

export function createSeriesHealth({ board, now, log }: SeriesHealthDeps): SeriesHealth {
  const readBoard = async () =>
    new Map((await board.list()).map((entry) => [seriesName(entry), entry]));

  return {
    async sort(series) {
      const known = await readBoard();
      const due: Series[] = [];
      const resting = new Map<string, AppError>();
      for (const one of series) {
        const entry = known.get(seriesName(one));
        // Further ahead than any pause: recorded while this machine's clock was wrong.
        const rests = entry !== undefined && entry.retryAt > now() &&
          entry.retryAt <= now() + MAX_PAUSE_MS;
        if (!rests) due.push(one);
        else resting.set(seriesName(one), toRestError(entry));
      }
      return { due, resting };
    },
    async note(attempted, failures) {
      const known = await readBoard();
      const begun = new Map<string, unknown>();
      const recovered: string[] = [];
      for (const series of attempted) {
        const name = seriesName(series);
        const entry = known.get(name);
        const error = failures.get(name);
        if (error !== undefined) {
          if (entry === undefined) begun.set(name, error);
          await board.write(toEntry(series, entry, error, now()));
        } else if (entry !== undefined) {
          recovered.push(name);
          await board.remove(series);
        }
      }
      if (begun.size > 0) {
        log.warn(
          `Cannot collect ${begun.size} series (others are not affected): ${
            describeFailures(begun)
          }`,
        );
      }
      if (recovered.length > 0) log.info(`Collecting again: ${recovered.join(", ")}`);
    },
  };
}

function toEntry(
  { symbol, interval }: Series,
  before: FailingSeries | undefined,
  error: unknown,
  now: EpochMs,
): FailingSeries {
  const failures = (before?.failures ?? 0) + 1;
  const isUnlisted = error instanceof AppError && error.code === "not_found";
  const max = isUnlisted ? UNLISTED_PAUSE_MS : MAX_PAUSE_MS;
  const pause = Math.min(max, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10));
  return {
    symbol,
    interval,
    since: before?.since ?? now,
    failures,
    message: describeError(error),
    retryAt: now + pause,
  };
}

function toRestError({ message, failures, retryAt }: FailingSeries): AppError {
  const times = failures === 1 ? "once" : `${failures} times`;
  return new AppError(
    "exchange_refused",
    `${message} (failed ${times}; next attempt after ${toIso(retryAt)})`,
  );
}
