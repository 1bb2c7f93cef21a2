import { MINUTE_MS } from "../../core/time.ts";
import type { EpochMs } from "../../core/time.ts";
import type { IconName } from "../components/icon_shapes.ts";

/** A row of the run history. */
export interface RunRow {
  readonly runId: number;
  readonly job: string;
  readonly startedAt: EpochMs;
  readonly finishedAt: EpochMs | undefined;
  readonly outcome: "done" | "partial" | "failed" | "cut" | "stopped" | "skipped" | undefined;
  readonly fetched: number;
  readonly new: number;
  readonly corrected: number;
  readonly unchanged: number;
  readonly requests: number;
  readonly weight: number;
  readonly error: string | undefined;
  readonly note: string | undefined;
}

export interface RunWords {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: "ok" | "warn" | "bad" | "quiet";
}

/** Longer than any run: a run without an end is considered interrupted after this time. */
const LOST_AFTER_MS = 15 * MINUTE_MS;

/** Outcome of a run, or that it is running. */
export function toRunWords({ outcome, finishedAt, startedAt }: RunRow, now: EpochMs): RunWords {
  switch (outcome) {
    case "done":
      return { word: "ok", icon: "fresh", tone: "ok" };
    case "partial":
      return { word: "partial", icon: "late", tone: "warn" };
    case "failed":
      return { word: "failed", icon: "stale", tone: "bad" };
    case "cut":
      return { word: "time limit reached, continues", icon: "frozen", tone: "quiet" };
    case "stopped":
      return { word: "stopped, resumes", icon: "frozen", tone: "quiet" };
    case "skipped":
      return { word: "skipped: running on another instance", icon: "frozen", tone: "quiet" };
  }
  if (finishedAt !== undefined) return { word: "ok", icon: "fresh", tone: "ok" };
  return now - startedAt < LOST_AFTER_MS
    ? { word: "running", icon: "collecting", tone: "quiet" }
    : { word: "interrupted", icon: "stale", tone: "bad" };
}
