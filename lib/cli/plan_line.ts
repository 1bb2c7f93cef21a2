import type { BackfillPlan } from "../core/remaining_history.ts";

const whole = (value: number) => Math.ceil(value).toLocaleString("en");

/** Context of the plan. */
export interface PlanContext {
  /** True if the candles are stored. */
  readonly isStored?: boolean;
  /** Number of archive files with some of the candles. */
  readonly files?: number;
}

/** The estimate in one line. */
export function planLine(
  plan: BackfillPlan,
  weightLimit: number,
  { isStored = true, files = 0 }: PlanContext = {},
): string {
  const minutes = plan.minutes < 1 ? "under a minute" : `about ${whole(plan.minutes)} min`;
  const disk = isStored ? `, up to ${whole(plan.megabytes)} MB on disk` : "";
  const archive = files === 0 ? "" : `${whole(files)} archive files and `;
  return `Plan: ${whole(plan.rows)} candles in ${archive}${
    whole(plan.requests)
  } requests, weight ` +
    `${whole(plan.weight)} at ${whole(weightLimit)} a minute: ${minutes}${disk}`;
}

/** The estimate for programs. */
export function toPlanJson({ rows, requests, weight, minutes, megabytes }: BackfillPlan) {
  return { rows, requests, weight, minutes, megabytes };
}
