import type { Stage, StageNeeds } from "./stage.ts";

/** A way to break wick or one of its dependencies. */
export interface Fault extends StageNeeds {
  readonly name: string;
  /** Description, for `--list` and the table. */
  readonly does: string;
  /** Expected behaviour. */
  readonly proves: string;
  /** True if `--short` includes it. */
  readonly isShort?: boolean;
  /** Returns the reason why this machine cannot play it. */
  readonly missing?: () => string | undefined;
  /** Injects and ends the fault; wick may or may not be running afterwards. */
  strike(stage: Stage): Promise<void>;
}

/** Result of one round. */
export interface Round {
  readonly fault: string;
  /** Seed to repeat the round with `--only` and `--seed`. */
  readonly seed: number;
  /** Time from the end of the fault to the first `200` of `/readyz`. */
  readonly readyMs: number | undefined;
  /** Time from the end of the fault until the database equals the exchange. */
  readonly completeMs: number | undefined;
  /** Committed candles that were lost, or that never arrived. */
  readonly lost: number;
  /** Candles stored more than once. */
  readonly doubled: number;
  /** Responses of `/readyz` that were wrong, late or without a reason. */
  readonly wrongReadyz: readonly string[];
  /** Other failed claims. */
  readonly problems: readonly string[];
}

/** Mounting a small file system requires root. */
export function needsRoot(): string | undefined {
  if (Deno.build.os !== "linux") return "a small disk is mounted on Linux only";
  return Deno.uid() === 0 ? undefined : "a small disk takes root to mount";
}

/** `/proc` and `flock` are specific to Linux. */
export function needsLinux(): string | undefined {
  return Deno.build.os === "linux" ? undefined : "processes are found through /proc, on Linux";
}
