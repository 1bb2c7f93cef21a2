import type { Stage, StageNeeds } from "./stage.ts";

/** One way to break wick or what it depends on. */
export interface Fault extends StageNeeds {
  readonly name: string;
  /** What is done, for `--list` and the table. */
  readonly does: string;
  /** What a sound outcome shows. */
  readonly proves: string;
  /** Whether `--short` plays it. */
  readonly isShort?: boolean;
  /** Returns why this machine cannot play it. */
  readonly missing?: () => string | undefined;
  /** Breaks, then mends; wick may be running or not when it returns. */
  strike(stage: Stage): Promise<void>;
}

/** What one round has come to. */
export interface Round {
  readonly fault: string;
  /** Plays the round again with `--only` and `--seed`. */
  readonly seed: number;
  /** From the mend to the first `200` of `/readyz`. */
  readonly readyMs: number | undefined;
  /** From the mend to a store that equals the exchange. */
  readonly completeMs: number | undefined;
  /** Candles that had been committed and were gone, or never came. */
  readonly lost: number;
  /** Candles stored more than once. */
  readonly doubled: number;
  /** Answers of `/readyz` that were untrue, late or without a reason. */
  readonly wrongReadyz: readonly string[];
  /** Other claims that did not hold. */
  readonly problems: readonly string[];
}

/** Mounting a small file system takes root. */
export function needsRoot(): string | undefined {
  if (Deno.build.os !== "linux") return "a small disk is mounted on Linux only";
  return Deno.uid() === 0 ? undefined : "a small disk takes root to mount";
}

/** Forged `/proc` and `flock` semantics exist on Linux alone. */
export function needsLinux(): string | undefined {
  return Deno.build.os === "linux" ? undefined : "processes are found through /proc, on Linux";
}
