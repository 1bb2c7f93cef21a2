import type { Series } from "../core/kline.ts";
import type { WriteCount } from "./kline_store.ts";

/**
 * How a run ended: all of it done; partial, some series failed; failed; stopped, by a signal or at
 * the end of its time; skipped, another instance was at it.
 */
export type RunOutcome = "done" | "partial" | "failed" | "stopped" | "skipped";

/** What a run did, in candles, requests and request weight. */
export interface RunResult extends WriteCount {
  readonly outcome: RunOutcome;
  readonly fetched: number;
  readonly requests: number;
  readonly weight: number;
  readonly simulated: string | undefined;
  readonly error: string | undefined;
}

/** Where candles come from, the most reliable first: the API, daily and monthly archive files, a file. */
export type CandleOrigin = "rest" | "daily" | "monthly" | "file";

/** History of jobs. Candles name the run that wrote them. */
export interface RunLedger {
  /** @throws `invalid_input` when the stored candles come from another market than the exchange's */
  requireMarket(): Promise<void>;
  /** `source` is `undefined` for a job that brings no candles. */
  start(job: string, source: CandleOrigin | undefined): Promise<number>;
  finish(runId: number, result: RunResult): Promise<void>;
  /** Records what the operator overrode. */
  note(runId: number, note: string): Promise<void>;
  /** Records a file of the archive that could not be trusted or had. */
  refuse(
    runId: number,
    series: Series,
    file: { readonly name: string; readonly reason: string },
  ): Promise<void>;
  /** Records that a run was left to the instance that is at it; kept for a week. */
  skip(job: string): Promise<void>;
}
