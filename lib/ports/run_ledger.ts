import type { Series } from "../core/kline.ts";
import type { WriteCount } from "./kline_store.ts";

/**
 * End of a run: all of it done; partial, some series failed; failed; cut, at its time limit;
 * stopped, by a signal; skipped, another instance holds the lease.
 */
export type RunOutcome = "done" | "partial" | "failed" | "cut" | "stopped" | "skipped";

/** The result of a run, in candles, requests and request weight. */
export interface RunResult extends WriteCount {
  readonly outcome: RunOutcome;
  readonly fetched: number;
  readonly requests: number;
  readonly weight: number;
  readonly simulated: string | undefined;
  readonly error: string | undefined;
  /** True if the counts are those of all that was stored: the database has not failed. */
  readonly isCounted: boolean;
}

/**
 * Sources of candles, the most reliable first: the API, its streams, daily and monthly archive
 * files, a file.
 */
export type CandleOrigin = "rest" | "stream" | "daily" | "monthly" | "file";

/** History of jobs. Candles name the run that wrote them. */
export interface RunLedger {
  /**
   * @throws `invalid_input` when the stored candles come from another market than the exchange's
   */
  requireMarket(): Promise<void>;
  /** `source` is `undefined` for a job that brings no candles. */
  start(job: string, source: CandleOrigin | undefined): Promise<number>;
  finish(runId: number, result: RunResult): Promise<void>;
  /** Records a check that the operator has overridden. */
  note(runId: number, note: string): Promise<void>;
  /** Records an archive file that is invalid or missing. */
  refuse(
    runId: number,
    series: Series,
    file: { readonly name: string; readonly reason: string },
  ): Promise<void>;
  /** Records a run skipped because another instance holds the lease. */
  skip(job: string): Promise<void>;
  /**
   * Deletes runs that have stored nothing: after 30 days, and skipped ones after a week. Returns
   * their number; at most 10,000 are deleted at a time.
   */
  prune(): Promise<number>;
}
